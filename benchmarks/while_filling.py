#!/usr/bin/env python3
"""What searches wait for while the deep tier is filled: the same questions, by turns without and with a filler at work.

    WHEREIN_DEEP_MODEL=deep benchmarks/while_filling.py REPOSITORY [--searches 300] [--gap 0.2] [--told] [--json FILE]

The repository is indexed into a folder of its own. The filler is the process that editors begin, at its own priority
(or --niceness: where other things are busy it would get nothing), on the same cores; --told has it hear of each search,
as behind an editor, else it never pauses. Blocks of 30 searches alternate, so that what else the machine does falls on
both alike. Told are the clock and processor time of a search: what one does more, because batches came, is in both.
"""

import json
import os
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import console
from timing import percentile
from wherein.config.load import load_settings
from wherein.deepening.client import FillProcess
from wherein.index import Index
from wherein.opening import open_index

BLOCK = 30

LOADED = 3.0
"""Seconds until the filler has set its own niceness."""

WITHOUT, WITH = "without", "with"

QUERIES = (
    "where is the configuration read",
    "parse command line options",
    "retry after a failure with backoff",
    "copy a file to the remote host",
    "merge two dictionaries",
    "template variables are rendered",
    "escape shell arguments",
    "which tests are run",
    "open a connection to the server",
    "how are modules loaded",
)


def waits(
    index: Index, filler: FillProcess, count: int, gap: float, *, told: bool
) -> list[tuple[float, float]]:
    """Of one block: seconds by the clock and of processor time of each search."""
    found = []
    for number in range(count):
        time.sleep(gap)
        if told:
            filler.pause()
        began, cpu = time.perf_counter(), time.process_time()
        index.search(QUERIES[number % len(QUERIES)], look=False)
        found.append((time.perf_counter() - began, time.process_time() - cpu))
    return found


def measure(
    repository: Path, searches: int, gap: float, data_dir: Path, *, told: bool, niceness: int | None
) -> dict[str, object]:
    """All figures: milliseconds and counts."""
    os.environ["WHEREIN_DATA_DIR"] = str(data_dir)  # of the filler as well
    settings = load_settings(None, {})
    by: dict[str, list[tuple[float, float]]] = defaultdict(list)
    filled = 0
    with open_index(repository, settings=settings) as index:
        index.update()
        for query in QUERIES:
            index.search(query, look=False)
        for _ in range(0, searches, BLOCK):
            for how in (WITHOUT, WITH):
                filler = FillProcess()
                before = index.deep_status().filled or 0
                if how == WITH:
                    filler.begin(repository)
                    if niceness is not None and filler._process is not None:
                        time.sleep(LOADED)
                        for thread in Path(f"/proc/{filler._process.pid}/task").iterdir():
                            os.setpriority(os.PRIO_PROCESS, int(thread.name), niceness)
                    until = time.monotonic() + 60
                    while (index.deep_status().filled or 0) == before and time.monotonic() < until:
                        time.sleep(0.2)  # its model is loaded first
                by[how] += waits(index, filler, BLOCK, gap, told=told)
                filler.end()
                filled += (index.deep_status().filled or 0) - before if how == WITH else 0
        chunks = index.deep_status().chunks
    figures: dict[str, object] = {
        "chunks": chunks,
        "filled_meanwhile": filled,
        "searches": searches,
        "told": told,
    }
    for name, which in (("clock", 0), ("processor", 1)):
        for how in (WITHOUT, WITH):
            own = sorted(each[which] for each in by[how])
            for share in (50, 95):
                figures[f"{name}_p{share}_{how}_ms"] = round(1000 * percentile(own, share / 100), 1)
    return figures


def main() -> None:
    """Measure and print."""
    parser = console.parser(__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--gap", type=float, default=0.2, help="seconds between two")
    parser.add_argument("--told", action="store_true")
    parser.add_argument("--niceness", type=int)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = given.data_dir or Path(folder)
        figures = measure(
            given.repository, given.searches, given.gap, where, told=given.told, niceness=given.niceness
        )
    print(json.dumps(figures, indent=1))
    console.write_json(given.json, figures)


if __name__ == "__main__":
    main()
