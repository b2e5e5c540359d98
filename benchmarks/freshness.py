"""What it costs to know that an index of many files is fresh, or to make it so: processor time, by ours and by git.

.venv/bin/python benchmarks/freshness.py [--files 50000]
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import wherein
from wherein.config.settings import Settings

IN_A_FOLDER = 20
SAVES = 20
TYPING = 0.5
"""Seconds between them."""

PAUSE = 0.01

SETTLED = 2.5
"""Seconds after which files are believed to be as they were."""


def made(root: Path, files: int) -> None:
    """A repository of small files, and a branch on which one of a hundred is another."""
    for number in range(files):
        place = (
            root / f"pkg{number // 1000:03}/mod{number // IN_A_FOLDER:05}/file{number % IN_A_FOLDER:02}.py"
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(
            f'def handle_{number}(value):\n    """Handle number {number}."""\n    return value + {number}\n'
        )
    _git(root, "init", "-q")
    _git(root, "add", "-A")
    _git(root, "commit", "-qm", "one")
    branch(root, "topic", first=0)


def branch(root: Path, name: str, first: int) -> None:
    """A branch off the one that is checked out, on which every hundredth file from `first` on defines `of_NAME`."""
    _git(root, "checkout", "-qb", name)
    for place in sorted(root.rglob("*.py"))[first::100]:
        place.write_text(place.read_text() + f"\n\ndef of_{name}(value):\n    return value\n")
    _git(root, "commit", "-qam", name)
    _git(root, "checkout", "-q", "-")


def _git(root: Path, *arguments: str) -> None:
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, *arguments], check=True)


def spent(work: Callable[[], object]) -> dict[str, float]:
    """Seconds: of this process, of those that it started, and by the clock."""
    own, others, began = (
        time.process_time(),
        resource.getrusage(resource.RUSAGE_CHILDREN),
        time.perf_counter(),
    )
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "own": time.process_time() - own,
        "started": after.ru_utime + after.ru_stime - others.ru_utime - others.ru_stime,
        "clock": time.perf_counter() - began,
    }


def least(work: Callable[[], object], times: int = 5) -> dict[str, float]:
    """The run of the least processor time."""
    return min((spent(work) for _ in range(times)), key=lambda run: run["own"] + run["started"])


def watched(root: Path, settings: Settings, command: str) -> dict[str, dict[str, float]]:
    """Seconds by the clock until `wherein watch` has what was saved, and a branch that was switched to."""
    branch(root, "other", first=50)
    environment = {**os.environ, "WHEREIN_DATA_DIR": str(settings.data_dir)}
    process = subprocess.Popen(
        [command, "watch"], cwd=root, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "until Ctrl-C" not in process.stderr.readline():
        pass
    with wherein.open_index(root, settings=settings) as index:

        def found(name: str) -> float:
            began = time.perf_counter()
            while not index.symbols(name, exact=True):
                time.sleep(PAUSE)
            return time.perf_counter() - began

        saves: list[float] = []
        for number, file in enumerate(sorted(root.rglob("*.py"))[5 : 5 + SAVES * 100 : 100]):
            time.sleep(TYPING)
            file.write_text(f"def watched_{number}(value):\n    return value\n")
            saves.append(found(f"watched_{number}"))
        time.sleep(2 * SETTLED)
        _git(root, "checkout", "-q", "-f", "other")
        switch = found("of_other")
    process.terminate()
    process.wait()
    return {
        "wherein watch, saved to found, median": {"clock": sorted(saves)[SAVES // 2]},
        "wherein watch, saved to found, longest": {"clock": max(saves)},
        "wherein watch, a branch switched, 1 % of the files": {"clock": switch},
    }


def main() -> None:
    """Print a table, then JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=50_000)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory(prefix="wherein-freshness-") as scratch:
        root, data = Path(scratch, "project"), Path(scratch, "data")
        root.mkdir()
        made(root, files)
        settings = Settings(data_dir=data)
        time.sleep(SETTLED)

        def update() -> wherein.UpdateReport:
            with wherein.open_index(root, settings=settings) as index:
                return index.update()

        update()
        update()
        found: dict[str, dict[str, float]] = {"nothing changed, opened and looked at": least(update)}
        with wherein.open_index(root, settings=settings) as index:
            found["asked again in one process"] = least(index.status)
        command = [str(Path(sys.executable).parent / "wherein"), "search", "handle", "value"]
        environment = {**os.environ, "WHEREIN_DATA_DIR": str(data)}
        search = lambda: subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)  # noqa: E731
        found["wherein search"] = least(search)
        saved = root / "pkg000/mod00001/file03.py"

        def save() -> None:
            saved.write_text(f"def saved_{time.time_ns()}(value):\n    return value\n")
            assert update().files_embedded == 1

        found["one file saved, and found"] = least(save)
        subprocess.run(["git", "checkout", "-q", "-f", "topic"], cwd=root, check=True)
        found["a branch switched, 1 % of the files"] = spent(update)
        found |= watched(root, settings, command[0])
    print("| | own | of what it starts | by the clock |\n|---|---|---|---|")
    for name, run in found.items():
        own, started = (f"{run[which]:.3f}" if which in run else "" for which in ("own", "started"))
        print(f"| {name} | {own} | {started} | {run['clock']:.2f} |")
    print(json.dumps({"files": files, "freshness": found}))


if __name__ == "__main__":
    main()
