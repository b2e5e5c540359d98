#!/usr/bin/env python3
"""Speed of the installed command and of the library on one repository, or on a benchmark home's.

    benchmarks/speed.py REPOSITORY [--repeat N] [--json FILE]

Prints medians: first index, import, `--version`, a cold search, a warm query in process, and the time from saving one
file to finding it. Everything runs on copies in a temporary folder.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import wherein
from wherein.config.settings import Settings

QUERIES = (
    "where is the configuration read",
    "retry a request that timed out",
    "find the function that checks permissions",
    "how errors are reported to the user",
    "parse a date",
    "cache invalidation",
    "open a connection to the server",
    "Parser",
)
WARM_ROUNDS = 10


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def command(*arguments: str, data_dir: Path, cwd: Path) -> Callable[[], object]:
    """A run of the command, as one call."""
    program = [sys.executable, "-m", "wherein_server.cli", *arguments]
    environment = {**os.environ, "WHEREIN_DATA_DIR": str(data_dir)}
    return lambda: subprocess.run(program, cwd=cwd, env=environment, capture_output=True, check=True)


def measure(repository: Path, work: Path, repeat: int) -> dict[str, float]:
    """All figures of a repository, in seconds unless their name says otherwise."""
    copy = work / "repository"
    shutil.copytree(repository, copy, symlinks=True)
    data_dir = work / "data"
    settings = replace(Settings(), data_dir=data_dir)
    found: dict[str, float] = {}

    def index_anew() -> None:
        shutil.rmtree(data_dir, ignore_errors=True)
        command("index", data_dir=data_dir, cwd=copy)()

    found["first index"] = median(seconds(index_anew) for _ in range(max(repeat // 2, 1)))
    with wherein.open_index(copy, settings=settings) as index:
        status = index.status()
        found |= {
            "files (count)": status.files,
            "chunks (count)": status.chunks,
            "store (bytes)": status.bytes,
        }
        index.search(QUERIES[0])
        warm = sorted(seconds(lambda q=q: index.search(q)) for _ in range(WARM_ROUNDS) for q in QUERIES)
        found["warm query p50"], found["warm query p95"] = median(warm), warm[int(len(warm) * 0.95)]
        changed = copy / next(
            path for path in sorted(index.files()) if path.endswith((".py", ".go", ".php", ".java", ".c"))
        )

        def save_and_find() -> None:
            changed.write_text(changed.read_text("utf-8") + f"\n// needle{time.time_ns()}\n", "utf-8")
            index.update()
            index.search("needle")

        found["one changed file to searchable"] = median(seconds(save_and_find) for _ in range(repeat))
    search = command("search", "--no-update", QUERIES[1], data_dir=data_dir, cwd=copy)
    found["cold search"] = median(seconds(search) for _ in range(repeat))
    search = command("search", QUERIES[1], data_dir=data_dir, cwd=copy)
    found["cold search, checked for changes"] = median(seconds(search) for _ in range(repeat))
    version = command("--version", data_dir=data_dir, cwd=copy)
    found["wherein --version"] = median(seconds(version) for _ in range(repeat))
    bare = [sys.executable, "-c", "pass"]
    loaded = [sys.executable, "-c", "import wherein"]
    found["import wherein"] = median(
        seconds(lambda: subprocess.run(loaded, check=True))
        - seconds(lambda: subprocess.run(bare, check=True))
        for _ in range(repeat)
    )
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = measure(arguments.repository.resolve(), Path(work), arguments.repeat)
    for name, value in found.items():
        plain = f"{value:,.0f}" if name.endswith(")") else f"{value * 1000:,.1f} ms"
        print(f"{name:<34} {plain:>14}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
