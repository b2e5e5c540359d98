"""Benchmark homes: repositories, questions about them with their answers, and what counts as finding one.

A home is a folder with repos.json (name, language, benchmark_root), annotations/NAME.json (query, category, relevant,
secondary), repos/NAME (the checked-out repositories) and, if other tools' scores are known, peers.json. An answer is
a file, or a function given by its lines: a hit finds it when it overlaps it and is not much longer.

A home of history has questions.jsonl (repo, query, answers: lists of path and lines) in their place: subjects of
commits with the lines that these changed. A subject tells what was changed, not all places: what counts is the first
hit on any.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

SLOTS = 10
MISSED = SLOTS + 1
"""The place of what is not among them."""
LONGEST_HIT = (3, 40)
"""A hit on a function may be so many times the function's length, plus so many lines."""
HISTORY = "history"
LONGEST_OF_HISTORY = 199
"""Lines of a hit on what a commit changed."""


class Found(Protocol):
    """A result of any tool: lines of a file, 1-based, both ends within."""

    @property
    def path(self) -> str:
        """POSIX, as the tool writes it."""
        ...

    @property
    def start_line(self) -> int:
        """The first."""
        ...

    @property
    def end_line(self) -> int:
        """The last."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """The plainest result."""

    path: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A file, or lines of one."""

    path: str
    start: int = 0
    end: int = 0
    function: bool = False
    longest: int = 0
    """lines of a hit, where that is bounded"""

    def met_by(self, hit: Found) -> bool:
        """Whether a hit counts as this answer."""
        if not (
            hit.path == self.path or hit.path.endswith("/" + self.path) or self.path.endswith("/" + hit.path)
        ):
            return False
        if not self.end:
            return True
        if self.longest and hit.end_line - hit.start_line + 1 > self.longest:
            return False
        if self.function:
            times, more = LONGEST_HIT
            if hit.end_line - hit.start_line + 1 > times * (self.end - self.start + 1) + more:
                return False
        return hit.start_line <= self.end and hit.end_line >= self.start


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its answers."""

    repository: str
    language: str
    category: str
    query: str
    answers: tuple[Answer, ...]


def questions(home: Path, only: Sequence[str] = ()) -> dict[str, list[Question]]:
    """Repository → questions of a home."""
    if (home / "questions.jsonl").exists():
        return _of_history(home, only)
    found: dict[str, list[Question]] = {}
    for spec in json.loads((home / "repos.json").read_text("utf-8")):
        name = spec["name"]
        if only and name not in only:
            continue
        file = home / "annotations" / f"{name}.json"
        found[name] = [
            Question(name, spec["language"], _category(item), item["query"], _answers(item))
            for item in json.loads(file.read_text("utf-8"))
        ]
    return found


def _of_history(home: Path, only: Sequence[str]) -> dict[str, list[Question]]:
    specs = json.loads((home / "repos.json").read_text("utf-8"))
    languages = {spec["name"]: spec.get("language", "") for spec in specs if not only or spec["name"] in only}
    found: dict[str, list[Question]] = {name: [] for name in languages}
    for line in (home / "questions.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        name = item["repo"]
        if name in found:
            answers = tuple(
                Answer(path, start, end, longest=LONGEST_OF_HISTORY) for path, start, end in item["answers"]
            )
            found[name].append(Question(name, languages[name], HISTORY, item["query"], answers))
    return found


def _category(item: dict[str, Any]) -> str:
    if "category" in item:
        return str(item["category"])
    if " " not in item["query"].strip():
        return "symbol"
    return "architecture" if item["query"].lower().startswith("how ") else "semantic"


def _answers(item: dict[str, Any]) -> tuple[Answer, ...]:
    answers = []
    for raw in [*item.get("relevant", []), *item.get("secondary", [])]:
        if isinstance(raw, str):
            answers.append(Answer(raw))
        else:
            lines = raw.get("start_line") or 0, raw.get("end_line") or 0
            answers.append(Answer(raw["path"], *lines, "symbol" in raw))
    return tuple(answers)


def ndcg(hits: Iterable[Found], answers: Sequence[Answer]) -> float:
    """Normalised discounted cumulative gain of the first ten hits."""
    shown = list(hits)[:SLOTS]
    slots = {next((i for i, hit in enumerate(shown) if answer.met_by(hit)), None) for answer in answers}
    gain = sum(1 / math.log2(slot + 2) for slot in slots if slot is not None)
    return gain / sum(1 / math.log2(slot + 2) for slot in range(min(SLOTS, len(answers))))


def worth(hits: Iterable[Found], question: Question) -> float:
    """The NDCG of an answer to a question; of one of history, the reciprocal of the first hit's place."""
    if question.category != HISTORY:
        return ndcg(hits, question.answers)
    for place, hit in enumerate(list(hits)[:SLOTS], 1):
        if any(answer.met_by(hit) for answer in question.answers):
            return 1 / place
    return 0.0


def peers(home: Path, repositories: set[str]) -> dict[str, float]:
    """The other tools' means over the same repositories, where they are known for all of them."""
    everything = {spec["name"] for spec in json.loads((home / "repos.json").read_text("utf-8"))}
    file = home / "peers.json"
    if not file.exists():
        return {}
    found = {}
    for name, method in json.loads(file.read_text("utf-8"))["methods"].items():
        known = method.get("repos", {})
        if repositories <= known.keys():
            found[name] = fmean(known[repository] for repository in repositories)
        elif repositories == everything and "ndcg10" in method:
            found[name] = method["ndcg10"]
    return found


def repositories_of(home: Path, only: Sequence[str] = ()) -> list[Path]:
    """The folders of a home's repositories, by name."""
    return sorted(home / "repos" / name for name in questions(home, only))


def check_home(home: Path) -> None:
    """Leave with one sentence where a folder is no home."""
    if not (home / "repos.json").exists():
        sys.exit(f"{home} is no benchmark home: it has no repos.json")


@dataclass(slots=True)
class Scores:
    """Scores of questions: each with what its answer is worth, and the place of the first hit on one."""

    rows: list[tuple[Question, float, int]] = field(default_factory=list)
    """places from 1; MISSED where there is none"""

    def add(self, question: Question, results: Sequence[Found]) -> None:
        """Score a question's ranked results."""
        places = (
            place
            for place, hit in enumerate(results[:SLOTS], 1)
            if any(answer.met_by(hit) for answer in question.answers)
        )
        self.rows.append((question, worth(results, question), next(places, MISSED)))

    def by(self, key: str, *, hit: int = 0) -> dict[str, float]:
        """Means by repository, category or language, each a mean of repositories' means; of the questions with a hit
        among so many, if `hit`."""
        grouped: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for question, value, place in self.rows:
            grouped[getattr(question, key)][question.repository].append(float(place <= hit) if hit else value)
        return {name: fmean(map(fmean, repos.values())) for name, repos in sorted(grouped.items())}

    def overall(self, *, hit: int = 0) -> float:
        """The mean of the repositories' means."""
        return fmean(self.by("repository", hit=hit).values())

    def over_queries(self) -> float:
        """The mean over all questions, whichever their repository."""
        return fmean(value for _, value, _ in self.rows)
