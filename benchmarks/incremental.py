#!/usr/bin/env python3
"""Staying fresh: from saving one file to finding it, and switching to a branch on which 1 % of the files differ.

    benchmarks/incremental.py HOME|REPOSITORY [--repeat N] [--json FILE]

Of a home, its largest repository is taken. Everything happens on a copy. For the branch, what the update cut anew is
told beside its time: switching back must cut nothing.
"""

import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import console
import wherein
from memory import largest
from timing import copy_of, seconds, timed
from wherein.config.settings import Settings

SHARE = 0.01
"""Of the files, that differ on the other branch."""


def measure(repository: Path, work: Path, repeat: int) -> dict[str, Any]:
    """All figures of a repository."""
    copy = copy_of(repository, work / "repository")
    with wherein.open_index(copy, settings=replace(Settings(), data_dir=work / "data")) as index:
        index.update()
        status = index.status()
        found: dict[str, Any] = {"files": status.files, "chunks": status.chunks}
        found["nothing_changed_seconds"] = median(seconds(index.update) for _ in range(repeat))
        found["saved_to_found_seconds"] = median(_save_and_find(copy, index, i) for i in range(repeat))
        return found | _switch(copy, index, repeat)


def _save_and_find(copy: Path, index: wherein.Index, turn: int) -> float:
    """Seconds from the save of one file, another each time, to the result of a search for the new word in it."""
    paths = sorted(path for path in index.files() if (copy / path).stat().st_size > 0)
    file = copy / paths[turn * 37 % len(paths)]
    needle = f"needle{time.time_ns()}"
    text = file.read_bytes()

    def save_and_find() -> None:
        file.write_bytes(text + f"\n{needle}\n".encode())
        index.update()
        if not any(needle in hit.text for hit in index.search(f'"{needle}"')):
            raise SystemExit(f"{file} was changed and is not found.")

    took = seconds(save_and_find)
    file.write_bytes(text)
    index.update()
    return took


def _switch(copy: Path, index: wherein.Index, repeat: int) -> dict[str, Any]:
    """Seconds of the update after a switch: to a branch that was never seen, and back and forth between known ones."""
    paths = sorted(index.files())
    changed = paths[:: max(1, round(1 / SHARE))]
    _git(copy, "checkout", "-q", "-b", "other")
    for path in changed:
        with (copy / path).open("a", encoding="utf-8") as file:
            file.write("\nchanged on the other branch\n")
    _git(copy, "commit", "-q", "-a", "-m", "other")
    report, new = timed(index.update)
    known = []
    for _ in range(repeat):
        _git(copy, "checkout", "-q", "-")
        back, took = timed(index.update)
        known.append(took)
    return {
        "files_that_differ": len(changed),
        "new_branch_seconds": new,
        "new_branch_chunks": report.chunks,
        "known_branch_seconds": median(known),
        "known_branch_chunks": back.chunks,
    }


def _git(copy: Path, *arguments: str) -> None:
    author = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid"]
    subprocess.run(["git", "-C", str(copy), *author, *arguments], check=True)


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("place", type=Path, metavar="HOME|REPOSITORY")
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    repository = largest(arguments.place.resolve())
    with tempfile.TemporaryDirectory() as work:
        found = {"repository": repository.name, **measure(repository, Path(work), arguments.repeat)}
    print(f"{found['repository']}: {found['files']:,} files, {found['chunks']:,} chunks")
    print(f"  nothing changed              {1000 * found['nothing_changed_seconds']:>8.1f} ms")
    print(f"  one file, saved to found     {1000 * found['saved_to_found_seconds']:>8.1f} ms")
    for name, title in (
        ("new_branch", "switched to a new branch"),
        ("known_branch", "switched to a known one"),
    ):
        print(
            f"  {title:<28} {1000 * found[name + '_seconds']:>8.1f} ms"
            f"   ({found['files_that_differ']} files differ; {found[name + '_chunks']} chunks cut)"
        )
    console.write_json(arguments.json, found)


if __name__ == "__main__":
    main()
