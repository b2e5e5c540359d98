#!/usr/bin/env python3
"""The language server on a workspace of many files: saving, switching branches, many requests, memory over time.

    benchmarks/large_workspace.py [--files N] [--saves N] [--requests N] [--minutes M] [--json FILE]

The repository is made (see freshness.py). Beside the clock, which counts what else runs on the machine, stands the
processor time of the server and all that it starts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import console
from freshness import SETTLED, made
from language_server import started
from timing import percentile

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from raw_client import CAPABILITIES, RawClient

PAUSE = 0.3
"""Seconds between saves: somebody types."""

SAMPLE_SECONDS = 10.0

WATCHED = {"didChangeWatchedFiles": {"dynamicRegistration": True}}

TICKS = os.sysconf("SC_CLK_TCK")

Figures = dict[str, float]


class Session:
    """A server on one repository. `watching`: the client says that it would tell of changed files, and does not."""

    def __init__(self, root: Path, data: Path, *, watching: bool) -> None:
        self.root = root
        self.client = started(data)
        workspace = CAPABILITIES["workspace"] | (WATCHED if watching else {})
        self.client.initialize(root, capabilities=CAPABILITIES | {"workspace": workspace})
        self.client.indexed(timeout=900)
        self._numbers = count(1)

    def saved(self, file: Path) -> float:
        """Seconds from saving a new function to finding it."""
        name = f"entirely_new_{next(self._numbers)}_{os.getpid()}"
        file.write_text(f"def {name}():\n    return 1\n")
        began = time.perf_counter()
        self.client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
        self.client.until(lambda: self.finds(name), timeout=120)
        return time.perf_counter() - began

    def finds(self, name: str) -> bool:
        """Whether a definition of that name is in the index."""
        return bool(self.client.request("workspace/symbol", {"query": name}))

    def quiet(self) -> None:
        """Wait until nothing is updated."""
        self.client.indexed(timeout=300)

    def processes(self) -> Iterator[int]:
        """The server and all below it."""
        assert self.client.process is not None
        waiting = [self.client.process.pid]
        while waiting:
            yield (number := waiting.pop())
            for task in Path(f"/proc/{number}/task").glob("*/children"):
                waiting += map(int, task.read_text().split())

    def cost(self) -> float:
        """Seconds of processor time until now, of those that ended too."""
        total = 0
        for number in self.processes():
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
        return total / TICKS

    def memory(self) -> list[float]:
        """Megabytes of the server itself, and of what it started and keeps."""
        held = []
        for number in self.processes():
            lines = Path(f"/proc/{number}/status").read_text().splitlines()
            held += [int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")]
        return [held[0], sum(held[1:])]


def saving(session: Session, files: list[Path], times: int) -> Figures:
    """Single saves."""
    took: list[float] = []
    spent: list[float] = []
    for number in range(times):
        before = session.cost()
        took.append(session.saved(files[number % len(files)]))
        spent.append(session.cost() - before)
        time.sleep(PAUSE)
    return {
        "saved_to_found_p50_seconds": percentile(took, 0.5),
        "saved_to_found_p95_seconds": percentile(took, 0.95),
        "saved_to_found_max_seconds": max(took),
        "saved_to_found_processor_p50_seconds": percentile(spent, 0.5),
    }


def switching(session: Session) -> Figures:
    """From the end of `git checkout` to the last file's new definition, there and back."""
    found: Figures = {}
    for name, branch in (("new", "topic"), ("known", "-")):
        session.quiet()
        before = session.cost()
        subprocess.run(["git", "checkout", "-q", "-f", branch], cwd=session.root, check=True)
        began = time.perf_counter()
        wanted = name == "new"
        session.client.until(lambda wanted=wanted: session.finds("of_topic") == wanted, timeout=120)
        found[f"{name}_branch_seconds"] = time.perf_counter() - began
        session.quiet()
        found[f"{name}_branch_processor_seconds"] = session.cost() - before
    return found


def stress(session: Session, files: list[Path], requests: int) -> Figures:
    """Requests with progress of their own among saves, switches and cancellations; how many begun progresses have no
    end."""
    client = session.client
    waiting = []
    for number in range(requests):
        command = ("wherein/search", {"query": f"handle number {number}"})
        if number % 20 == 0:
            command = ("wherein/reindex", {})
        identity = client.begin(command[0], command[1] | {"workDoneToken": f"request-{number}"})
        waiting.append(identity)
        if number % 3 == 0:
            client.cancel(identity)
        if number % 7 == 0:
            client.notify("window/workDoneProgress/cancel", {"token": f"request-{number}"})
        if number % 25 == 0:
            file = files[number % len(files)]
            file.write_text(f"def stressed_{number}():\n    return {number}\n")
            client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
        if number % 250 == 125:
            branch = "topic" if number % 500 == 125 else "-"
            subprocess.run(["git", "checkout", "-q", "-f", branch], cwd=session.root, check=True)
        if number % 10 == 0:
            time.sleep(0.05)
    for identity in waiting:
        client.answers[identity].get(timeout=120)
    session.quiet()
    time.sleep(1)
    begun, ended = progresses(client)
    return {"begun": len(begun), "never_ended": len(begun - ended), "ended_unbegun": len(ended - begun)}


def progresses(client: RawClient) -> tuple[set[str], set[str]]:
    """The tokens whose progress began, and those whose ended."""
    told: dict[str, set[str]] = {"begin": set(), "end": set()}
    for note in client.named("$/progress"):
        if note["value"].get("kind") in told:
            told[note["value"]["kind"]].add(str(note["token"]))
    return told["begin"], told["end"]


def sustained(session: Session, files: list[Path], minutes: float, curve: Path | None) -> Figures:
    """Saves and searches without end; megabytes at the beginning and at the end. Seconds and megabytes of server and
    update go to the file `curve`."""
    samples: list[list[float]] = []
    until = time.monotonic() + 60 * minutes
    next_sample = time.monotonic() + SAMPLE_SECONDS
    saves = 0
    while time.monotonic() < until:
        session.saved(files[saves % len(files)])
        session.client.request("wherein/search", {"query": f"handle number {saves}"})
        session.client.notes.clear()
        saves += 1
        if time.monotonic() > next_sample:
            next_sample += SAMPLE_SECONDS
            samples.append(session.memory())
        time.sleep(PAUSE)
    if curve is not None:
        curve.write_text(
            "".join(
                f"{number * SAMPLE_SECONDS:.0f}\t{own:.1f}\t{update:.1f}\n"
                for number, (own, update) in enumerate(samples, 1)
            )
        )
    tenth = max(1, len(samples) // 10)

    def mean(some: list[list[float]], which: int) -> float:
        return sum(sample[which] for sample in some) / len(some)

    return {"minutes": minutes, "saves": saves} | {
        f"{name}_{when}_megabytes": mean(some, which)
        for which, name in enumerate(("server", "update"))
        for when, some in (
            ("first", samples[:tenth]),
            ("middle", samples[4 * tenth : 6 * tenth]),
            ("last", samples[-tenth:]),
        )
        if some
    }


def main() -> None:
    """Print a table, then JSON."""
    parser = console.parser(__doc__)
    parser.add_argument("--files", type=int, default=40_000)
    parser.add_argument("--saves", type=int, default=60)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--curve", type=Path, help="write memory over time here")
    parser.add_argument("--watching", action="store_true", help="the editor says that it watches files")
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wherein-large-") as scratch:
        root, data = Path(scratch, "project"), Path(scratch, "data")
        root.mkdir()
        made(root, arguments.files)
        time.sleep(SETTLED)
        session = Session(root, data, watching=arguments.watching)
        files = sorted(root.rglob("*.py"))[1 :: max(1, arguments.files // 50)]
        found: Figures = {"files": arguments.files, "load": os.getloadavg()[0]}
        parts: list[tuple[str, Callable[[], Figures]]] = [
            ("saving", lambda: saving(session, files, arguments.saves)),
            ("switching", lambda: switching(session)),
            ("requests", lambda: stress(session, files, arguments.requests)),
        ]
        if arguments.minutes:
            parts.append(("memory", lambda: sustained(session, files, arguments.minutes, arguments.curve)))
        for _, part in parts:
            session.quiet()
            found |= part()
        session.client.close()
    found["load_at_the_end"] = os.getloadavg()[0]
    for name, value in found.items():
        print(f"| {name.replace('_', ' ')} | {value:,.3f} |")
    print(json.dumps(found))
    console.write_json(arguments.json, found)


if __name__ == "__main__":
    main()
