#!/usr/bin/env python3
"""What a hook costs a commit: wherein's, in a file and in git's configuration, beside empty ones of other tools.

    benchmarks/hook_overhead.py REPOSITORY [--commits N] [--pause S] [--tools FOLDER] [--json FILE]

In each round one commit is made with each kind of hook, in an order that changes, each in a copy of its own; what is
told is how much longer the median commit takes than without a hook. Between commits the background may come to rest
(`--pause`), or not (`--pause 0`). FOLDER holds `node_modules` with husky and lefthook. The processor time of a run is
that of `wherein hook run` and all that it starts, after one file has changed.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import console
from timing import copy_of, machine, percentile, seconds
from wherein.git.repository import find_repository
from wherein.hooks import configured
from wherein.hooks.install import install

LEFTHOOK = "post-commit:\n  commands:\n    nothing:\n      run: 'true'\n"

COMMAND = [str(Path(sys.executable).with_name("wherein"))]


def git(folder: Path, *arguments: str) -> None:
    """A command of git, as a user gives it."""
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


def nothing(folder: Path, data: Path) -> None:
    """No hook at all."""


def in_a_file(folder: Path, data: Path) -> None:
    """wherein's, as with an older git."""
    install(folder, data, COMMAND, in_files=True)


def in_the_configuration(folder: Path, data: Path) -> None:
    """wherein's, as with git 2.54."""
    install(folder, data, COMMAND)


def lefthook(tools: Path) -> Callable[[Path, Path], None]:
    """lefthook's, with one command that does nothing."""

    def make(folder: Path, data: Path) -> None:
        (folder / "lefthook.yml").write_text(LEFTHOOK)
        program = tools / "node_modules/.bin/lefthook"
        subprocess.run([program, "install"], cwd=folder, check=True, capture_output=True)

    return make


def husky(tools: Path) -> Callable[[Path, Path], None]:
    """husky's, with an empty script."""

    def make(folder: Path, data: Path) -> None:
        program = tools / "node_modules/.bin/husky"
        subprocess.run([program], cwd=folder, check=True, capture_output=True)
        (folder / ".husky/post-commit").write_text("")

    return make


def measure(repository: Path, work: Path, commits: int, pause: float, tools: Path | None) -> dict[str, Any]:
    """Milliseconds of a commit by kind of hook, and the processor time of a run."""
    kinds: dict[str, Callable[[Path, Path], None]] = {"none": nothing, "wherein, file": in_a_file}
    found = find_repository(repository)
    if found is not None and configured.is_understood(found):
        kinds["wherein, configuration"] = in_the_configuration
    if tools is not None:
        kinds |= {"lefthook, empty": lefthook(tools), "husky, empty": husky(tools)}
    data = work / "data"
    os.environ["WHEREIN_DATA_DIR"] = str(data)
    folders = {}
    for number, (name, make) in enumerate(kinds.items()):
        folders[name] = copy_of(repository, work / f"repository{number}")
        make(folders[name], data)
        git(folders[name], "commit", "--allow-empty", "-m", "warm")
    took: dict[str, list[float]] = {name: [] for name in kinds}
    names = list(kinds)
    for number in range(commits):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            folder = folders[name]
            took[name].append(1000 * seconds(lambda at=folder: git(at, "commit", "--allow-empty", "-m", "x")))
            time.sleep(pause)
    without = median(took["none"])
    figures = {
        name: {
            "median_ms": median(values),
            "p90_ms": percentile(values, 0.9),
            "added_ms": median(values) - without,
        }
        for name, values in took.items()
    }
    return {
        "commits": commits,
        "pause_seconds": pause,
        "hooks": figures,
        "run_processor_seconds": _run(folders["wherein, file"], data),
    }


def _run(folder: Path, data: Path) -> float:
    """Processor seconds of the run after one file has changed, in an index that is there."""
    state = data / "hooks"
    subprocess.run([*COMMAND, "index", "--repo", str(folder)], check=True, capture_output=True)
    source = next(path for path in sorted(folder.rglob("*.py")) if path.stat().st_size > 0)
    source.write_bytes(source.read_bytes() + b"\n# changed\n")
    while (state / "running").exists():
        time.sleep(0.1)
    (state / "requests").write_bytes(os.fsencode(folder.resolve()) + b"\0")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*COMMAND, "hook", "run"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure, print a table and JSON."""
    parser = console.parser(__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--tools", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    tools = given.tools.resolve() if given.tools else None
    with tempfile.TemporaryDirectory() as work:
        found = measure(given.repository.resolve(), Path(work).resolve(), given.commits, given.pause, tools)
    found["machine"] = machine()
    print(
        "| hook | commit, median | nine of ten | more than without |\n|---|---:|---:|---:|", file=sys.stderr
    )
    for name, row in found["hooks"].items():
        print(
            f"| {name} | {row['median_ms']:.1f} ms | {row['p90_ms']:.1f} ms | {row['added_ms']:.1f} ms |",
            file=sys.stderr,
        )
    print(f"processor time of a run: {found['run_processor_seconds']:.2f} s", file=sys.stderr)
    text = json.dumps(found, indent=1)
    given.json.write_text(text + "\n") if given.json else print(text)


if __name__ == "__main__":
    main()
