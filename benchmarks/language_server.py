#!/usr/bin/env python3
"""The language server on one repository: its start, how it answers while it indexes and after, saving, its end, memory.

    benchmarks/language_server.py REPOSITORY [--queries N] [--saves N] [--json FILE]

The repository is copied and indexed for the first time. A ping is a request that the server does not know: its answer
takes as long as the event loop is held by something else. The clock counts what else runs on the machine.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import console
from timing import command_line, copy_of, percentile, seconds

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from raw_client import CAPABILITIES, RawClient

QUERIES = (
    "where are redirects followed",
    "parse json response",
    "open a file and read lines",
    "class Session",
    "retry with backoff",
)
PING_EVERY = 0.01
PINGS_A_SEARCH = 5

Figures = dict[str, float]


def measure(repository: Path, data_dir: Path, queries: int, saves: int) -> Figures:
    """All figures: seconds, megabytes, counts."""
    began = time.perf_counter()
    client = started(data_dir)
    try:
        folder = {"rootUri": repository.as_uri(), "capabilities": CAPABILITIES}
        client.request("initialize", {"processId": None, **folder})
        found: Figures = {"initialize_seconds": time.perf_counter() - began}
        client.notify("initialized", {})
        found |= while_indexing(client)
        found["indexed_seconds"] = time.perf_counter() - began
        found |= spread("search", [search(client, number) for number in range(queries)])
        found |= spread("saved_to_found", [saved(client, repository, number) for number in range(saves)])
        found["peak_megabytes"] = peak(client)
        found["end_seconds"] = seconds(client.shut_down)
    finally:
        client.close()
    return found


def started(data_dir: Path) -> RawClient:
    """A server and its client."""
    process = subprocess.Popen(
        command_line("lsp"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "WHEREIN_DATA_DIR": str(data_dir)},
    )
    return RawClient(process.stdout, process.stdin, process)


def while_indexing(client: RawClient) -> Figures:
    """Pings and searches until the first update has ended."""
    pings: list[float] = []
    searches: list[float] = []
    while True:
        pings.append(seconds(lambda: client.attempt("x/ping")))
        if len(pings) % PINGS_A_SEARCH == 0:
            searches.append(search(client, len(searches)))
            (status,) = client.command("wherein.status")["indexes"]
            if not status["updating"]:
                break
        time.sleep(PING_EVERY)
    found = {"chunks": float(status["chunks"]), "files": float(status["files"])}
    return found | spread("ping_while_indexing", pings) | spread("search_while_indexing", searches)


def search(client: RawClient, number: int) -> float:
    """One search."""
    query = QUERIES[number % len(QUERIES)]
    return seconds(lambda: client.request("wherein/search", {"query": query}))


def saved(client: RawClient, repository: Path, number: int) -> float:
    """From saving a new function to finding it."""
    name = f"entirely_new_function_{number}"
    file = repository / "entirely_new.py"
    file.write_text(f"def {name}():\n    return {number}\n")
    began = time.perf_counter()
    client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
    client.until(lambda: client.request("workspace/symbol", {"query": name}), timeout=60)
    return time.perf_counter() - began


def spread(name: str, values: list[float]) -> Figures:
    """Median, 99th percentile and maximum."""
    return {
        f"{name}_p50_seconds": percentile(values, 0.5),
        f"{name}_p99_seconds": percentile(values, 0.99),
        f"{name}_max_seconds": max(values),
    }


def peak(client: RawClient) -> float:
    """The most memory that the server has held; 0 where the system does not tell."""
    assert client.process is not None
    status = Path(f"/proc/{client.process.pid}/status")
    if not status.exists():
        return 0.0
    (peak_kilobytes,) = (line.split()[1] for line in status.open() if line.startswith("VmHWM"))
    return int(peak_kilobytes) / 1000


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("repository", type=Path, metavar="REPOSITORY")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--saves", type=int, default=10)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        copy = copy_of(arguments.repository.resolve(), Path(work) / arguments.repository.resolve().name)
        found = measure(copy, Path(work) / "data", arguments.queries, arguments.saves)
    print(f"{arguments.repository.name}: {found['chunks']:,.0f} chunks in {found['files']:,.0f} files")
    for name, value in found.items():
        if name.endswith("_seconds"):
            print(f"  {name.removesuffix('_seconds').replace('_', ' '):<28} {1000 * value:>10.1f} ms")
    print(f"  {'peak memory':<28} {found['peak_megabytes']:>10.0f} MB")
    if arguments.json:
        told = {"repository": arguments.repository.name, **found}
        arguments.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
