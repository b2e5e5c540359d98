#!/usr/bin/env python3
"""How latency, memory and disk grow with the index: 10,000, 50,000, 200,000 chunks, and a million if asked.

    benchmarks/latency.py HOME [--million] [--chunks N ...] [--work DIR] [--json FILE]

A folder of files grows (synthetic.py: the home's repositories, then copies of them with other words), is brought up to
date, and asked the home's own questions by a fresh process. All goes the way of any repository, by the public API.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import console
import wherein
from homes import check_home, questions, repositories_of
from memory import resident
from synthetic import Corpus
from timing import percentile, size_of, timed
from wherein.config.settings import Settings

SIZES = (10_000, 50_000, 200_000)
MILLION = 1_000_000
FEWEST_BYTES = 450
"""Of a chunk, on average: a first guess that is too low. What was indexed so far says it better."""
ENOUGH = 0.98
QUERIES = 120
ROUNDS = 3


class Code:
    """A folder of code that grows."""

    def __init__(self, folder: Path, files: Iterator[tuple[str, str]]) -> None:
        self.chunks = 0
        self._folder, self._files, self._bytes = folder, files, 0

    def grow(self, index: wherein.Index, target: int) -> float:
        """Write files and index them until there are about so many chunks; the seconds of indexing."""
        took = 0.0
        while self.chunks < target * ENOUGH:
            self._write((target - self.chunks) * (self._bytes / self.chunks if self.chunks else FEWEST_BYTES))
            took += timed(index.update)[1]
            self.chunks = index.status(check=False).chunks
        return took

    def _write(self, much: float) -> None:
        until = self._bytes + much
        while self._bytes < until:
            path, text = next(self._files)
            place = self._folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
            self._bytes += len(text)


def ask(folder: Path, settings: Settings, queries: Sequence[str]) -> dict[str, Any]:
    """Open an index, ask everything, several times; seconds and bytes. For a process of its own."""
    before = resident()
    with wherein.open_index(folder, settings=settings) as index:
        _, first = timed(partial(index.search, queries[0]))
        times = [timed(partial(index.search, query))[1] for _ in range(ROUNDS) for query in queries]
        return {
            "first_query_ms": 1000 * first,
            "query_p50_ms": 1000 * percentile(times, 0.5),
            "query_p95_ms": 1000 * percentile(times, 0.95),
            "resident_mb": resident() / 1e6,
            "resident_before_mb": before / 1e6,
        }


def measure(home: Path, sizes: Sequence[int], work: Path) -> list[dict[str, Any]]:
    """One row a size."""
    folder, data_dir = work / "code", work / "data"
    folder.mkdir()
    settings = replace(Settings(), data_dir=data_dir)
    code = Code(folder, Corpus(repositories_of(home)).files())
    queries = [question.query for asked in questions(home).values() for question in asked]
    queries = queries[:: max(1, len(queries) // QUERIES)]
    rows = []
    print(
        f"{'chunks':>10}{'p50':>10}{'p95':>10}{'first':>10}{'memory':>11}{'on disk':>11}{'indexed':>10}",
        flush=True,
    )
    for size in sizes:
        with wherein.open_index(folder, settings=settings) as index:
            took = code.grow(index, size)
        asked = {"folder": str(folder), "data_dir": str(data_dir), "queries": queries}
        done = subprocess.run(
            [sys.executable, __file__, "--ask"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
        )
        row: dict[str, Any] = {"chunks": code.chunks, **json.loads(done.stdout)}
        row |= {"disk_mb": size_of(data_dir) / 1e6, "index_seconds": took}
        rows.append(row)
        times = "".join(
            f"{row[name]:>7.1f} ms" for name in ("query_p50_ms", "query_p95_ms", "first_query_ms")
        )
        sizes_mb = "".join(f"{row[name]:>8.0f} MB" for name in ("resident_mb", "disk_mb"))
        print(f"{code.chunks:>10,}{times}{sizes_mb}{took:>8.1f} s", flush=True)
    return rows


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("home", nargs="?", type=Path, metavar="HOME")
    parser.add_argument(
        "--chunks", type=int, nargs="+", default=list(SIZES), metavar="N", help="these sizes instead"
    )
    parser.add_argument(
        "--million", action="store_true", help="a million chunks as well: minutes, and 3 GB of disk"
    )
    parser.add_argument(
        "--work", type=Path, help="make the files and the index here (default: a temporary folder)"
    )
    parser.add_argument("--json", type=Path, help="write the report here")
    parser.add_argument("--ask", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ask:
        asked = json.load(sys.stdin)
        settings = replace(Settings(), data_dir=Path(asked["data_dir"]))
        json.dump(ask(Path(asked["folder"]), settings, asked["queries"]), sys.stdout)
        return
    if arguments.home is None:
        parser.error("name a HOME")
    check_home(arguments.home)
    sizes = sorted(arguments.chunks) + [MILLION] * arguments.million
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        rows = measure(arguments.home, sizes, Path(work))
    console.write_json(arguments.json, rows)


if __name__ == "__main__":
    main()
