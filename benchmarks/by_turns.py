#!/usr/bin/env python3
"""Questions to this checkout and to another one, by turns: processor time of each, and whether answers are the same.

    benchmarks/by_turns.py OTHER REPOSITORY QUESTIONS [--rounds N] [--data-dir DIR]

OTHER is a folder with another state of the code (`git worktree add --detach OTHER COMMIT`), which reads indexes of the
same form. QUESTIONS is a home, or a file with a JSON list of texts. One warm process a checkout answers all questions,
round after round; figures are of each question's fastest answer, in milliseconds of processor time and by the clock.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from statistics import fmean, median
from typing import IO, Any

import console
import wherein
from homes import questions
from indexes import bring_up_to_date
from wherein.config.settings import Settings

HERE = Path(__file__).resolve().parents[1]
ROOTS = ("indexer", "server")


class Worker:
    """A warm process of one checkout."""

    def __init__(self, checkout: Path, repository: Path, data_dir: Path, texts: list[str]) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(checkout / root) for root in ROOTS)}
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--answer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._say({"repository": str(repository), "data_dir": str(data_dir), "texts": texts})
        told = self._hear()
        if Path(told["from"]).parents[1] != checkout / ROOTS[0]:
            raise SystemExit(f"{told['from']} is not of {checkout}")

    def round(self) -> dict[str, Any]:
        """Answer everything once."""
        self._say({})
        return self._hear()

    def _say(self, what: dict[str, Any]) -> None:
        stream: IO[str] = self._process.stdin  # type: ignore[assignment]
        stream.write(json.dumps(what) + "\n")
        stream.flush()

    def _hear(self) -> dict[str, Any]:
        stream: IO[str] = self._process.stdout  # type: ignore[assignment]
        line = stream.readline()
        if not line:
            raise SystemExit("a worker has ended")
        heard: dict[str, Any] = json.loads(line)
        return heard


def answer() -> None:
    """For a process of its own: a round for each line that comes."""
    asked = json.loads(sys.stdin.readline())
    settings = replace(Settings(), data_dir=Path(asked["data_dir"]))
    with wherein.open_index(Path(asked["repository"]), settings=settings) as index:
        index.search(asked["texts"][0])
        print(json.dumps({"from": wherein.__file__}), flush=True)
        for _ in sys.stdin:
            processor, clock, answers = [], [], []
            for text in asked["texts"]:
                began, at = time.process_time(), time.perf_counter()
                hits = index.search(text)
                processor.append(time.process_time() - began)
                clock.append(time.perf_counter() - at)
                answers.append([asdict(hit) for hit in hits])
            print(json.dumps({"processor": processor, "clock": clock, "answers": answers}), flush=True)


def differences(texts: list[str], ours: list[Any], theirs: list[Any]) -> list[str]:
    """The questions whose answers differ: in more than the last digits of scores, or in these alone."""
    found = []
    for text, own, other in zip(texts, ours, theirs, strict=True):
        if own != other:
            same = [_rounded(hit) for hit in own] == [_rounded(hit) for hit in other]
            found.append(f"{'scores differ by a hair' if same else 'OTHER ANSWER'}: {text[:80]!r}")
    return found


def _rounded(hit: dict[str, Any]) -> dict[str, Any]:
    parts = {name: round(value, 5) for name, value in hit["parts"].items()}
    return {**hit, "id": None, "score": round(hit["score"], 5), "parts": parts}


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("other", nargs="?", type=Path)
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("questions", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--data-dir", type=Path, default=Settings().data_dir)
    parser.add_argument("--every", type=int, default=1, help="only every N-th question")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.answer:
        answer()
        return
    if arguments.questions is None:
        parser.error("name OTHER, REPOSITORY and QUESTIONS")
    if arguments.questions.is_dir():
        texts = [each.query for asked in questions(arguments.questions).values() for each in asked]
    else:
        texts = json.loads(arguments.questions.read_text("utf-8"))
    texts = texts[:: arguments.every]
    repository, data_dir = arguments.repository.resolve(), arguments.data_dir.resolve()
    with wherein.open_index(repository, settings=replace(Settings(), data_dir=data_dir)) as index:
        bring_up_to_date(index)
        chunks = index.status(check=False).chunks
    workers = [Worker(each, repository, data_dir, texts) for each in (arguments.other.resolve(), HERE)]
    rounds = [[worker.round() for worker in workers] for _ in range(arguments.rounds)]
    print(
        f"{chunks:,} chunks, {len(texts)} questions, {arguments.rounds} rounds; ms of the other, of this, ratio"
    )
    for what in ("processor", "clock"):
        other, own = (
            [1000 * min(each[at][what][i] for each in rounds) for i in range(len(texts))] for at in (0, 1)
        )
        print(
            f"{what:>10}: median {median(other):.2f} {median(own):.2f} {median(own) / median(other):.3f}, "
            f"mean {fmean(other):.2f} {fmean(own):.2f} {fmean(own) / fmean(other):.3f}"
        )
    theirs, ours = (each["answers"] for each in rounds[-1])
    unlike = differences(texts, ours, theirs)
    print(f"{len(texts) - len(unlike)} answers are the same")
    for sentence in unlike:
        print(f"  {sentence}")


if __name__ == "__main__":
    main()
