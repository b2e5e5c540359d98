#!/usr/bin/env python3
"""What a coding agent reads until it has seen the right lines: with `wherein mcp`, and with grep and a file reader.

    benchmarks/agents.py HOME… [--questions N] [--json FILE] [--verbose]

HOME is a benchmark's folder whose questions are answered by functions (homes.py); N of its questions are taken, evenly.
No model is asked. Both agents go by a script until ten lines of an answer (or all of a shorter one) were shown to them:

- wherein: `search` with the question; then `read` of its hits in their order; then the same with 30 hits.
- grep: one grep for all words of the question (100 lines of output); then windows of 80 lines, those first that hold
  most of the words, rare ones counting more. An agent has to guess that order from what grep shows: here it knows it.

Then the server's times: start to first answer, later answers (by the clock, and by the processor, which a busy machine
changes less), memory. Tokens are estimated, alike for both.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import console
from homes import Answer, Question, questions
from timing import command_line, copy_of
from wherein_server.explain.estimate import estimate_tokens

MOST_STEPS = 20
ENOUGH_LINES = 10
GREP_LINES = 100
LINE_LENGTH = 240
WINDOW = 80
MORE_HITS = 30

SETTLED = 2.0
"""Seconds after the first answer, when the server has begun to watch the files."""

REPEATS = 5
"""Of a repository's questions, for the time that one takes."""

STOP_WORDS = frozenset(
    tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["stop_words"].split()
)

_HEAD = re.compile(r"(?:\d+\. )?(?P<path>[^\n]+?):(?P<first>\d+)-(?P<last>\d+)(?: |$)")
_LINE = re.compile(r"(?P<number>\d+): ")

Step = tuple[int, set[tuple[str, int]]]
"""Tokens asked and answered, and the lines shown: path and number."""


@dataclass
class Outcome:
    """How it went with one question."""

    tokens: int = 0
    steps: int = 0
    found: bool = False


def go(steps: Iterator[Step], answers: Sequence[Answer]) -> Outcome:
    """Follow a script until an answer was seen."""
    outcome = Outcome()
    seen: set[tuple[str, int]] = set()
    for tokens, shown in steps:
        outcome.steps += 1
        outcome.tokens += tokens
        seen |= shown
        if any(_is_seen(answer, seen) for answer in answers):
            outcome.found = True
            break
        if outcome.steps == MOST_STEPS:
            break
    return outcome


def _is_seen(answer: Answer, seen: set[tuple[str, int]]) -> bool:
    length = answer.end - answer.start + 1
    shown = sum((answer.path, line) in seen for line in range(answer.start, answer.end + 1))
    return shown >= min(ENOUGH_LINES, length)


class Server:
    """`wherein mcp` on a repository."""

    def __init__(self, repository: Path, data: Path) -> None:
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command_line("mcp"),
            cwd=repository,
            env=os.environ | {"WHEREIN_DATA_DIR": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._count = 0

    def ask(self, method: str, **params: object) -> dict[str, object]:
        """One request and its result."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._count += 1
        request = {"jsonrpc": "2.0", "id": self._count, "method": method, "params": params}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())["result"]
        assert isinstance(found, dict)
        return found

    def call(self, name: str, **arguments: object) -> str:
        """The text of a tool's answer."""
        content = self.ask("tools/call", name=name, arguments=arguments)["content"]
        assert isinstance(content, list)
        return str(content[0]["text"])

    def memory(self) -> float:
        """The most that it has taken, in MB (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1000

    def processor(self) -> float:
        """Seconds of processor time that it has taken (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def with_wherein(server: Server, question: str) -> Iterator[Step]:
    """The script of the agent that has our tools."""
    read: set[str] = set()
    for more in ({}, {"limit": MORE_HITS, "max_tokens": 100 * MORE_HITS}):
        text, step = _called(server, "search", query=question, **more)
        yield step
        for path, first in re.findall(r"^\d+\. (.+?):(\d+)-\d+", text, re.MULTILINE):
            if f"{path}:{first}" not in read:
                read.add(f"{path}:{first}")
                yield _called(server, "read", target=f"{path}:{first}")[1]


def _called(server: Server, name: str, **arguments: object) -> tuple[str, Step]:
    text = server.call(name, **arguments)
    shown: set[tuple[str, int]] = set()
    path = ""
    for line in text.split("\n"):
        if number := _LINE.match(line):
            shown.add((path, int(number["number"])))
        elif head := _HEAD.match(line):
            path = head["path"]
    return text, (estimate_tokens(json.dumps(arguments)) + estimate_tokens(text), shown)


class Grep:
    """The files of a repository as grep sees them."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._lines: dict[str, list[str]] = {}

    def steps(self, question: str) -> Iterator[Step]:
        """The script of the agent that has grep and a reader."""
        words = [
            word
            for word in dict.fromkeys(re.findall(r"[a-z][a-z0-9]+", question.lower()))
            if word not in STOP_WORDS
        ]
        found = self._grep("|".join(words))
        shown = found[:GREP_LINES]
        output = "\n".join(f"{path}:{number}:{text[:LINE_LENGTH]}" for path, number, text in shown)
        asked = estimate_tokens("|".join(words))
        yield asked + estimate_tokens(output), {(path, number) for path, number, _ in shown}
        for path, first in self._windows(found, words):
            lines = self._file(path)[first - 1 : first - 1 + WINDOW]
            text = "\n".join(f"{first + at}\t{line}" for at, line in enumerate(lines))
            yield (
                estimate_tokens(path) + 10 + estimate_tokens(text),
                {(path, first + at) for at in range(len(lines))},
            )

    def _grep(self, pattern: str) -> list[tuple[str, int, str]]:
        done = subprocess.run(
            ["git", "grep", "-n", "-I", "-i", "-z", "-E", pattern],
            cwd=self._repository,
            capture_output=True,
            check=False,
        )
        rows = (line.split("\0", 2) for line in done.stdout.decode("utf-8", "replace").split("\n") if line)
        return [(row[0], int(row[1]), row[2]) for row in rows if len(row) == 3]

    def _windows(
        self, found: Sequence[tuple[str, int, str]], words: Sequence[str]
    ) -> Iterator[tuple[str, int]]:
        """Path and first line of each window that holds a word, the weightiest first."""
        held: dict[tuple[str, int], set[str]] = defaultdict(set)
        files: dict[str, set[str]] = defaultdict(set)
        for path, number, text in found:
            lower = text.lower()
            for word in words:
                if word in lower:
                    held[path, (number - 1) // WINDOW].add(word)
                    files[word].add(path)
        weight = {word: 1 / math.log2(2 + len(paths)) for word, paths in files.items()}
        order = sorted(held, key=lambda key: (-sum(weight[word] for word in held[key]), key))
        return ((path, number * WINDOW + 1) for path, number in order)

    def _file(self, path: str) -> list[str]:
        if path not in self._lines:
            text = (self._repository / path).read_bytes().decode("utf-8", "replace")
            self._lines[path] = text.split("\n")
        return self._lines[path]


def chosen(homes: Sequence[Path], count: int) -> list[tuple[Path, Question]]:
    """Evenly out of all questions."""
    every = [
        (home / "repos" / question.repository, question)
        for home in homes
        for asked in questions(home).values()
        for question in asked
        if any(answer.function for answer in question.answers)
    ]
    step = max(len(every) / count, 1.0)
    return [every[int(at * step)] for at in range(min(count, len(every)))]


def measure(asked: Sequence[tuple[Path, Question]], work: Path, *, verbose: bool) -> dict[str, object]:
    """All figures."""
    outcomes: dict[str, list[Outcome]] = {"wherein": [], "grep": []}
    speed: dict[str, object] = {}
    listing = 0
    for repository in dict.fromkeys(path for path, _ in asked):
        copy, data = copy_of(repository, work / repository.name), work / "data" / repository.name
        environment = os.environ | {"WHEREIN_DATA_DIR": str(data)}
        subprocess.run(
            command_line("index"), cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL
        )
        mine = [question for path, question in asked if path == repository]
        server = Server(copy, data)
        server.call("search", query=mine[0].query)
        first, first_processor = time.perf_counter() - server.began, server.processor()
        time.sleep(SETTLED)
        listing = estimate_tokens(json.dumps(server.ask("tools/list")["tools"]))
        grep = Grep(copy)
        times, later_processor = timed(server, [question.query for question in mine * REPEATS])
        for question in mine:
            for name, steps in (
                ("wherein", with_wherein(server, question.query)),
                ("grep", grep.steps(question.query)),
            ):
                outcome = go(steps, question.answers)
                outcomes[name].append(outcome)
                if verbose:
                    print(f"{name:8} {outcome} {question.query}", file=sys.stderr)
        speed[repository.name] = {
            "first_seconds": first,
            "first_processor_seconds": first_processor,
            "later_seconds": median(times),
            "later_processor_seconds": later_processor,
            "megabytes": server.memory(),
        }
        server.close()
    return {
        "questions": len(asked),
        "listing_tokens": listing,
        "speed": speed,
        **{name: figures(all_of) for name, all_of in outcomes.items()},
    }


def timed(server: Server, queries: Sequence[str]) -> tuple[list[float], float]:
    """Seconds of each search, and the mean of their processor time."""
    times: list[float] = []
    before = server.processor()
    for query in queries:
        began = time.perf_counter()
        server.call("search", query=query)
        times.append(time.perf_counter() - began)
    return times, (server.processor() - before) / len(times)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """What one way of searching found, and what it took."""
    return {
        "found": sum(outcome.found for outcome in outcomes),
        "median_tokens": median(outcome.tokens for outcome in outcomes),
        "mean_tokens": fmean(outcome.tokens for outcome in outcomes),
        "median_steps": median(outcome.steps for outcome in outcomes),
        "mean_steps": fmean(outcome.steps for outcome in outcomes),
    }


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", type=Path, nargs="+", metavar="HOME")
    parser.add_argument("--questions", type=int, default=40, metavar="N")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--verbose", action="store_true", help="say how each question went")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = measure(
            chosen([home.resolve() for home in arguments.homes], arguments.questions),
            Path(work),
            verbose=arguments.verbose,
        )
    print(json.dumps(found, indent=1))
    console.write_json(arguments.json, found)


if __name__ == "__main__":
    main()
