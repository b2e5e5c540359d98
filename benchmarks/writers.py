#!/usr/bin/env python3
"""Several writers of one repository in Redis: how long each `wherein index` takes.

    benchmarks/writers.py CLONE [--writers 12] [--rounds 5] [--together] [--json FILE]

Each writer has a clone of its own and its own data folder. One indexes first; then all of them, at the same time and
again and again, change FILES files and run `wherein index`. With `--together` they make the first index as well, all at
once: how many chunks they embed together, for each that there is, tells the work that was done more than once. All
share the machine's cores with the server, so that processor time is printed too.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import console

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

FILES = 3


class Writer:
    """A colleague: a clone, a data folder."""

    def __init__(self, number: int, clone: Path, folder: Path, url: str) -> None:
        self.number, self.place = number, folder / f"clone{number}"
        subprocess.run(["git", "clone", "-q", str(clone), str(self.place)], check=True)
        subprocess.run(
            ["git", "-C", str(self.place), "remote", "set-url", "origin", "https://example.org/acme/web"],
            check=True,
        )
        self._environment = os.environ | {
            "WHEREIN_STORE": url,
            "WHEREIN_DATA_DIR": str(folder / f"data{number}"),
            "WHEREIN_CONFIG": str(folder / "config.toml"),
        }
        tracked = subprocess.run(
            [
                "git",
                "-C",
                str(self.place),
                "ls-files",
                "-z",
                "*.py",
                "*.rb",
                "*.go",
                "*.ts",
                "*.js",
                "*.java",
            ],
            check=True,
            capture_output=True,
        ).stdout
        self._files = [self.place / os.fsdecode(name) for name in tracked.split(b"\0") if name]
        self.times: list[float] = []
        self.said: list[str] = []

    def edit(self, turn: int) -> None:
        """Change some files, others than the other writers."""
        for i in range(FILES):
            at = (self.number * 101 + turn * 17 + i * 7) % len(self._files)
            with self._files[at].open("a") as file:
                file.write(f"\n# of writer {self.number} in round {turn}\n")

    def index(self) -> None:
        """Run `wherein index`, timed."""
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-P", "-m", "wherein_server.cli", "index"],
            cwd=self.place,
            env=self._environment,
            capture_output=True,
            text=True,
        )
        self.times.append(time.perf_counter() - began)
        if done.returncode:
            raise SystemExit(done.stderr)
        self.said.append(done.stdout + done.stderr)


def together(writers: list[Writer], turns: range) -> None:
    """Let all of them work at the same time."""

    def work(writer: Writer) -> None:
        for turn in turns:
            if turn:
                writer.edit(turn)
            writer.index()

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Measure and print."""
    parser = console.parser(__doc__)
    parser.add_argument("clone", type=Path)
    parser.add_argument("--writers", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    from redis_servers import RedisServer

    found: dict[str, Any] = {"writers": arguments.writers, "rounds": arguments.rounds}
    with tempfile.TemporaryDirectory() as folder, RedisServer() as server:
        writers = [
            Writer(number, arguments.clone.resolve(), Path(folder), server.url)
            for number in range(arguments.writers)
        ]
        began = time.perf_counter()
        if arguments.together:
            together(writers, range(1))
        else:
            writers[0].index()
        found["first index s"] = round(max(writers[0].times), 2)
        found["all first indexes s"] = round(time.perf_counter() - began, 2)
        found["first said"] = [said.strip().splitlines()[-1] for writer in writers for said in writer.said]
        for writer in writers:
            writer.times.clear()
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        together(writers, range(1, arguments.rounds + 1))
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        times = sorted(each for writer in writers for each in writer.times)
        cuts = statistics.quantiles(times, n=20)
        found |= {"p50 s": round(cuts[9], 2), "p95 s": round(cuts[18], 2), "most s": round(times[-1], 2)}
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found |= {"wall s": round(wall, 1), "processor s an index": round(used / len(times), 2)}
    console.write_json(arguments.json, found)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
