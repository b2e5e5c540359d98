#!/usr/bin/env python3
"""The server for a team, over many repositories: how long a search takes there, and how long the page waits for one.

    benchmarks/served.py DATA_DIR [--most N] [--json FILE]

DATA_DIR holds the indexes, of a hundred repositories or more (`WHEREIN_DATA_DIR=… wherein index --repo …`).
`wherein serve` is started over the first N of them, by name, and asked as the page asks: each question letter by
letter, one request after another. Of each last letter the time by the clock is told, and the processor time that the
server took, for questions whose words it has not met before and for the same once more.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import console
from timing import percentile
from wherein.config.settings import Settings
from wherein.shelf import Shelf

QUESTIONS = (
    *("where are redirects followed", "parse command line options", "retry with exponential backoff"),
    *("connection pool timeout", "render a template", "tokenizer for strings", "how are cookies stored"),
    *("hash map insert", "validate email address", "escape html", "read a config file", "close the socket"),
    *("compile a regular expression", "schedule a task", "format dates", "authenticate a user"),
    *("compress the response", "load plugins", "rate limit requests", "diff two trees"),
)

LETTERS = 4
"""The last so many of each question are typed one by one."""

TICK = os.sysconf("SC_CLK_TCK")


def subset(data: Path, most: int, into: Path) -> int:
    """A data folder with links to the first indexes of another; how many."""
    (into / "indexes").mkdir(parents=True)
    files = sorted((data / "indexes").glob("*.db"))[:most]
    for file in files:
        for part in file.parent.glob(f"{file.stem}.*"):
            (into / "indexes" / part.name).symlink_to(part.resolve())
    names = data / "names.json"
    if names.exists():
        (into / "names.json").symlink_to(names.resolve())
    return len(files)


class Served:
    """A running server."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [str(Path(sys.executable).parent / "wherein"), "serve", "--port", "0"],
            env=os.environ | {"WHEREIN_DATA_DIR": str(data)},
            cwd=data,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        address = self.process.stderr.readline().partition("http://")[2].partition("/")[0]
        self.connection = http.client.HTTPConnection(address, timeout=120)

    def search(self, question: str) -> dict[str, Any]:
        """An answer, with `clock` and `processor`, in milliseconds."""
        before, began = self.processor(), time.perf_counter()
        self.connection.request("GET", f"/api/v1/search?{urlencode({'q': question, 'limit': 20})}")
        answer = self.connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        if answer.status == 429:  # as the page would not
            time.sleep(1)
            return self.search(question)
        clock = 1000 * (time.perf_counter() - began)
        return {**found, "clock": clock, "processor": 1000 * (self.processor() - before)}

    def processor(self) -> float:
        """Seconds of processor time that the server has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        """Megabytes that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1000

    def close(self) -> None:
        """End it."""
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)


def measure(served: Served) -> dict[str, list[dict[str, Any]]]:
    """The answers to the last letters, of questions that are new and once more."""
    rounds: dict[str, list[dict[str, Any]]] = {"new words": [], "once more": []}
    for name, answers in rounds.items():
        for question in QUESTIONS:
            for cut in range(LETTERS if name == "new words" else 0, 0, -1):
                served.search(question[:-cut])
            answers.append(served.search(question))
    return rounds


def alone(data: Path) -> list[float]:
    """The processor time of searches whose words are known, in milliseconds: of `--all-repos` over open indexes."""
    shelf = Shelf(Settings(data_dir=data))
    shelf.look()
    shelf.warm()
    took = []
    for _ in range(2):
        took = []
        for question in QUESTIONS:
            began = time.process_time()
            shelf.search(question, shelf.names(), limit=20)
            took.append(1000 * (time.process_time() - began))
    shelf.close()
    return took


def main() -> None:
    """See the module."""
    parser = console.parser(__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--most", type=int, default=100)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = subset(given.data.resolve(), given.most, Path(folder) / "data")
        served = Served(Path(folder) / "data")
        try:
            served.search("warm up")
            time.sleep(10)  # what is read ahead is read
            rounds = measure(served)
            report: dict[str, Any] = {
                "repositories": count,
                "searched": rounds["once more"][0]["searched"],
                "memory_mb": round(served.memory()),
            }
        finally:
            served.close()
        took = alone(Path(folder) / "data")
    report["alone_processor_ms"] = [percentile(took, 0.5), percentile(took, 0.95)]
    print(f"{report['searched']} of {count} repositories, {report['memory_mb']} MB")
    print(
        "\n| | search p50 | p95 | answer p50 | p95 | processor time, mean |\n|---|---:|---:|---:|---:|---:|"
    )
    for name, answers in rounds.items():
        search = [answer["milliseconds"] for answer in answers]
        clock = [answer["clock"] for answer in answers]
        processor = sum(answer["processor"] for answer in answers) / len(answers)
        figures = [
            percentile(search, 0.5),
            percentile(search, 0.95),
            percentile(clock, 0.5),
            percentile(clock, 0.95),
        ]
        report[name] = {"figures_ms": figures, "processor_ms": processor}
        print(f"| {name} | {' | '.join(f'{each:.0f} ms' for each in figures)} | {processor:.0f} ms |")
    print(
        "\nA search alone: {:.0f} ms of processor time (p50), {:.0f} ms (p95)".format(
            *report["alone_processor_ms"]
        )
    )
    console.write_json(given.json, report)


if __name__ == "__main__":
    main()
