#!/usr/bin/env python3
"""Peak memory while a repository is first indexed: the command and all its worker processes together.

    benchmarks/memory.py HOME|REPOSITORY [--json FILE]

Of a home, its largest repository is taken. Memory is looked at every few milliseconds as the sum of the processes'
shares (PSS: a page that n processes have in common counts as 1/n in each), so it is a lower bound of the peak. Linux
only.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from os import environ, sysconf
from pathlib import Path
from typing import Any

import console
from homes import repositories_of
from timing import command_line, size_of

INTERVAL_SECONDS = 0.01


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * sysconf("SC_PAGE_SIZE")


def peak_while_indexing(repository: Path, data_dir: Path) -> dict[str, Any]:
    """Bytes, processes and seconds of a first index."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command_line("index"),
        cwd=repository,
        env={**environ, "WHEREIN_DATA_DIR": str(data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = most = 0
    while process.poll() is None:
        shares = [share for pid in _tree(process.pid) if (share := _share(pid))]
        peak, most = max(peak, sum(shares)), max(most, len(shares))
        time.sleep(INTERVAL_SECONDS)
    if process.returncode:
        raise SystemExit(f"Indexing {repository} failed.")
    return {
        "repository": repository.name,
        "peak_bytes": peak,
        "processes": most,
        "seconds": time.perf_counter() - began,
    }


def _tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    children: list[str] = []
    with suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += (task / "children").read_text("utf-8").split()
    for child in children:
        yield from _tree(int(child))


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    except OSError:
        return 0  # it has just ended
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def largest(place: Path) -> Path:
    """The largest repository of a home, or the repository itself."""
    if (place / "repos.json").exists():
        return max(repositories_of(place), key=size_of)
    return place


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("place", type=Path, metavar="HOME|REPOSITORY")
    parser.add_argument("--json", type=Path, help="write the report here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as data_dir:
        found = peak_while_indexing(largest(arguments.place.resolve()), Path(data_dir))
    print(
        f"{found['repository']}: peak {found['peak_bytes'] / 1e6:.0f} MB in {found['processes']} processes,"
        f" {found['seconds']:.1f} s"
    )
    console.write_json(arguments.json, found)


if __name__ == "__main__":
    main()
