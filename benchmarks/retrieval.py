#!/usr/bin/env python3
"""Retrieval quality: NDCG@10 and hit@10 on benchmark homes, beside other tools' published scores.

    benchmarks/retrieval.py HOME [HOME ...] [--repo NAME] [--mode MODE] [--store URL] [--json FILE] [--results FILE]

A home is a folder with repos.json (name, language, benchmark_root), annotations/NAME.json (query, category, relevant,
secondary), repos/NAME (the checked-out repositories) and, if other tools' scores are known, peers.json. An answer is
a file, or a function given by its lines: a hit finds it when it overlaps it and is not much longer.

The score is the mean over repositories of the mean over their queries, with binary gain: a slot counts when it is the
first to meet at least one of a query's answers; several hits of one file each take a slot.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import wherein
from wherein.config import Settings
from wherein.search.search import MODES, Mode

SLOTS = 10
LONGEST_HIT = (3, 40)
"""A hit on a function may be so many times the function's length, plus so many lines."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A file, or lines of one."""

    path: str
    start: int = 0
    end: int = 0
    function: bool = False

    def met_by(self, hit: wherein.Hit) -> bool:
        """Whether a hit counts as this answer."""
        if not (
            hit.path == self.path or hit.path.endswith("/" + self.path) or self.path.endswith("/" + hit.path)
        ):
            return False
        if not self.end:
            return True
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


@dataclass(slots=True)
class Scored:
    """Scores of questions, and what they took."""

    rows: list[tuple[Question, float, bool]] = field(default_factory=list)
    index_seconds: float = 0.0
    query_seconds: list[float] = field(default_factory=list)
    chunks: int = 0

    def mean(self, key: str, value: int = 1) -> dict[str, float]:
        """Means by repository, category or language, each a mean of repositories' means."""
        grouped: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for row in self.rows:
            grouped[getattr(row[0], key)][row[0].repository].append(float(row[value]))
        return {name: fmean(map(fmean, repos.values())) for name, repos in sorted(grouped.items())}

    def overall(self, value: int = 1) -> float:
        """The mean of the repositories' means."""
        return fmean(self.mean("repository", value).values())


def questions(home: Path, only: Sequence[str]) -> dict[str, list[Question]]:
    """Repository → questions of a home."""
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


def ndcg(hits: Iterable[wherein.Hit], answers: Sequence[Answer]) -> float:
    """Normalised discounted cumulative gain of the first ten hits."""
    shown = list(hits)[:SLOTS]
    slots = {next((i for i, hit in enumerate(shown) if answer.met_by(hit)), None) for answer in answers}
    gain = sum(1 / math.log2(slot + 2) for slot in slots if slot is not None)
    return gain / sum(1 / math.log2(slot + 2) for slot in range(min(SLOTS, len(answers))))


def run(
    home: Path, settings: Settings, *, only: Sequence[str], mode: Mode, results: list[dict[str, Any]]
) -> Scored:
    """Index and question every repository of a home."""
    scored = Scored()
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            began = time.perf_counter()
            scored.chunks += index.update().chunks
            scored.index_seconds += time.perf_counter() - began
            index.search("warm up the model")
            for question in asked:
                began = time.perf_counter()
                hits = index.search(question.query, limit=SLOTS, mode=mode)
                scored.query_seconds.append(time.perf_counter() - began)
                met = any(answer.met_by(hit) for hit in hits for answer in question.answers)
                scored.rows.append((question, ndcg(hits, question.answers), met))
                lines = [[hit.path, hit.start_line, hit.end_line] for hit in hits]
                results.append({"repo": name, "query": question.query, "results": lines})
    return scored


def report(home: Path, scored: Scored) -> dict[str, Any]:
    """Print a table, return the same as data."""
    peers = _peers(home, {row[0].repository for row in scored.rows})
    times = sorted(scored.query_seconds)
    data = {
        "home": home.name,
        "ndcg10": scored.overall(),
        "ndcg10_over_queries": fmean(row[1] for row in scored.rows),
        "hit10": scored.overall(2),
        "queries": len(scored.rows),
        "by_category": scored.mean("category"),
        "by_language": scored.mean("language"),
        "by_repository": scored.mean("repository"),
        "peers": peers,
        "chunks": scored.chunks,
        "index_seconds": scored.index_seconds,
        "query_p50_ms": 1000 * times[len(times) // 2],
        "query_p95_ms": 1000 * times[int(len(times) * 0.95)],
    }
    print(
        f"\n{home.name}: NDCG@10 {data['ndcg10']:.4f} ({data['ndcg10_over_queries']:.4f} over queries)"
        f"   hit@10 {data['hit10']:.4f}   {len(scored.rows)} queries"
    )
    for peer, value in sorted(peers.items(), key=lambda item: -item[1]):
        print(f"  {peer:<28} {value:.4f}")
    for title, key in (("category", "category"), ("language", "language")):
        hit = scored.mean(key, 2)
        print(f"  by {title:<25} NDCG@10  hit@10")
        for name, value in scored.mean(key).items():
            print(f"    {name:<26} {value:.4f}   {hit[name]:.4f}")
    print(
        f"  {scored.chunks} chunks indexed in {scored.index_seconds:.1f} s; query p50 {data['query_p50_ms']:.1f} ms,"
        f" p95 {data['query_p95_ms']:.1f} ms"
    )
    return data


def _peers(home: Path, repositories: set[str]) -> dict[str, float]:
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


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--repo", action="append", default=[], help="only this repository; may be repeated")
    parser.add_argument("--mode", choices=MODES, default="hybrid")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--store", metavar="URL", help="keep the indexes in this store instead")
    parser.add_argument("--json", type=Path, help="write the report here")
    parser.add_argument(
        "--results", type=Path, help="write each query's ranked results here, a line of JSON each"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(
            Settings(), data_dir=arguments.data_dir or Path(temporary), store=arguments.store
        )
        results: list[dict[str, Any]] = []
        reports = []
        for home in arguments.homes:
            if not (home / "repos.json").exists():
                sys.exit(f"{home} is no benchmark home: it has no repos.json")
            scored = run(home, settings, only=arguments.repo, mode=arguments.mode, results=results)
            reports.append(report(home, scored))
    if arguments.json:
        arguments.json.write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    if arguments.results:
        arguments.results.write_text("".join(json.dumps(row) + "\n" for row in results), "utf-8")


if __name__ == "__main__":
    main()
