#!/usr/bin/env python3
"""Searching as one types, in a language server: from the last letter to its answer.

    benchmarks/typing_ahead.py REPOSITORY [--every SECONDS] [--queries N] [--data-dir DIR] [--json FILE]

The repository is copied and indexed first, unless --data-dir names an index of it that is there. Each query is typed
letter by letter, at an even pace; each letter is a search, and cancels the one before where that was not answered yet,
as an editor does. A request that the server does not know is sent in between: its answer takes as long as the event
loop is held by something else. The clock counts what else runs on the machine; processor time does not.
"""

import json
import os
import tempfile
import time
from pathlib import Path

import console
from language_server import Figures, spread, started
from report import fill_pages
from timing import copy_of, percentile

EVERY = 0.08
"""Seconds between two letters: a fast typist."""

LIMIT = 30
"""Results in a list."""

QUERIES = (
    "where are redirects followed",
    "parse the configuration file",
    "write_object_file",
    "how are modules loaded",
    "lang:python open a connection",
    "retry with backoff",
    "path:lib kind:function merge two dictionaries",
    "escape shell arguments",
    "class Connection",
    "read packed refs",
)


def measure(repository: Path, data_dir: Path, queries: int, every: float) -> Figures:
    """All figures: seconds and counts."""
    client = started(data_dir)
    try:
        client.initialize(repository)
        status = client.indexed(timeout=3600)["indexes"][0]
        found: Figures = {
            "chunks": float(status["chunks"]),
            "files": float(status["files"]),
            "every_seconds": every,
        }
        for query in QUERIES[:2]:
            type_in(client, query, every)  # imports, and what searches keep in memory
        cpu = processor_seconds(client)
        lasts, pings, letters, cancelled = [], [], 0, 0
        for number in range(queries):
            last, held, cut = type_in(client, QUERIES[number % len(QUERIES)], every)
            lasts.append(last)
            pings += held
            letters += len(held) + 1
            cancelled += cut
        found |= spread("last_letter_to_answer", lasts) | spread("ping", pings)
        found["last_letter_to_answer_p95_seconds"] = percentile(lasts, 0.95)
        found["load"] = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        found |= {"letters": float(letters), "cancelled": float(cancelled)}
        found["processor_seconds_a_letter"] = (processor_seconds(client) - cpu) / letters
    finally:
        client.close()
    return found


def type_in(client, query: str, every: float) -> tuple[float, list[float], int]:  # noqa: ANN001 - of the tests
    """Seconds from the last letter to its answer; of pings beside the others; how many searches were cancelled."""
    pings: list[float] = []
    cancelled = 0
    before = None
    for length in range(1, len(query) + 1):
        began = time.perf_counter()
        if before is not None and client.answers[before].empty():
            client.cancel(before)
            cancelled += 1
        arguments = {"query": query[:length], "stage": "fast", "limit": LIMIT}
        before = client.begin("wherein/search", arguments)
        if length == len(query):
            client.wait(before)
            return time.perf_counter() - began, pings, cancelled
        pinged = time.perf_counter()
        client.attempt("x/ping")
        pings.append(time.perf_counter() - pinged)
        time.sleep(max(0.0, began + every - time.perf_counter()))
    raise AssertionError("a query has letters")


def processor_seconds(client) -> float:  # noqa: ANN001 - of the tests
    """What the server has used; 0 where the system does not tell."""
    stat = Path(f"/proc/{client.process.pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(found: Figures) -> str:
    """For results/editors.md."""

    def told(name: str) -> str:
        return f"{1000 * found[f'{name}_seconds']:.0f} ms"

    answered = f"{told('last_letter_to_answer_p50')}, {told('last_letter_to_answer_p95')}"
    rows = (
        ("chunks", f"{found['chunks']:,.0f}"),
        ("a letter every", told("every")),
        ("last letter to its answer: median, p95", answered),
        ("event loop held: median, p99", f"{told('ping_p50')}, {told('ping_p99')}"),
        ("searches, of them cancelled", f"{found['letters']:,.0f}, {found['cancelled']:,.0f}"),
        ("processor time of the server, a letter", f"{1000 * found['processor_seconds_a_letter']:.1f} ms"),
        ("load of the machine, two cores", f"{found['load']:.0f}"),
    )
    return "\n".join(["| | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("repository", type=Path, metavar="REPOSITORY")
    parser.add_argument("--every", type=float, default=EVERY, help="seconds between two letters")
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--data-dir", type=Path, help="an index of the repository as it lies there")
    parser.add_argument("--write", action="store_true", help="put the figures into results/editors.md")
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    repository = arguments.repository.resolve()
    with tempfile.TemporaryDirectory() as work:
        data_dir = arguments.data_dir or Path(work) / "data"
        place = repository if arguments.data_dir else copy_of(repository, Path(work) / repository.name)
        found = measure(place, data_dir, arguments.queries, arguments.every)
    print(f"{repository.name}: {found['chunks']:,.0f} chunks, a letter every {1000 * arguments.every:.0f} ms")
    for name, value in found.items():
        if name.endswith("_seconds"):
            print(f"  {name.removesuffix('_seconds').replace('_', ' '):<32} {1000 * value:>10.1f} ms")
    print(f"  {'searches, of them cancelled':<32} {found['letters']:>6.0f} {found['cancelled']:>6.0f}")
    print(f"  {'processor time a letter':<32} {1000 * found['processor_seconds_a_letter']:>10.1f} ms")
    if arguments.write:
        fill_pages(Path(__file__).parent, {"typing_ahead": table(found)})
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"repository": repository.name, **found}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
