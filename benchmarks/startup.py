#!/usr/bin/env python3
"""Start-up: importing, `wherein --version`, and a search from a cold process, by itself and with a look for changes.

    benchmarks/startup.py HOME|REPOSITORY [--repeat N] [--json FILE]

Of a home, the repository whose index is nearest to 10,000 chunks is taken (by its bytes). Medians of whole processes,
Python's own start included; that of a bare Python stands beside them. "Cold" means a new process: the files are in the
system's cache.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import console
import wherein
from homes import repositories_of
from timing import command, copy_of, middle, size_of
from wherein.config.settings import Settings

QUERY = "retry a request that timed out"
BYTES_OF_10_000_CHUNKS = 6_000_000


def measure(repository: Path, work: Path, repeat: int) -> dict[str, float]:
    """All figures of a repository: seconds, and how many chunks it has."""
    copy, data_dir = copy_of(repository, work / "repository"), work / "data"
    with wherein.open_index(copy, settings=replace(Settings(), data_dir=data_dir)) as index:
        index.update()
        found: dict[str, float] = {"chunks": index.status(check=False).chunks}

    def process(*arguments: str) -> float:
        return middle(lambda: subprocess.run([sys.executable, *arguments], check=True), repeat)

    def run(*arguments: str) -> float:
        return middle(command(*arguments, data_dir=data_dir, cwd=copy), repeat)

    bare = process("-c", "pass")
    found["python_seconds"] = bare
    found["import_seconds"] = process("-c", "import wherein") - bare
    found["version_seconds"] = run("--version")
    found["search_seconds"] = run("search", "--no-update", QUERY)
    found["search_checked_seconds"] = run("search", QUERY)
    return found


def usual(place: Path) -> Path:
    """The repository of a home that is nearest to 10,000 chunks, or the repository itself."""
    if (place / "repos.json").exists():
        return min(repositories_of(place), key=lambda path: abs(_code(path) - BYTES_OF_10_000_CHUNKS))
    return place


def _code(repository: Path) -> int:
    return size_of(repository) - size_of(repository / ".git")


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("place", type=Path, metavar="HOME|REPOSITORY")
    parser.add_argument("--repeat", type=int, default=11)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    repository = usual(arguments.place.resolve())
    with tempfile.TemporaryDirectory() as work:
        found = measure(repository, Path(work), arguments.repeat)
    print(f"{repository.name}, {found['chunks']:,.0f} chunks")
    for name, value in found.items():
        if name.endswith("_seconds"):
            print(f"  {name.removesuffix('_seconds').replace('_', ' '):<20} {1000 * value:>8.1f} ms")
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"repository": repository.name, **found}, indent=1) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
