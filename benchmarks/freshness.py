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
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    subprocess.run([*git, "checkout", "-qb", "topic"], check=True)
    for place in sorted(root.rglob("*.py"))[::100]:
        place.write_text(place.read_text() + "\n\ndef of_topic(value):\n    return value\n")
    subprocess.run([*git, "commit", "-qam", "two"], check=True)
    subprocess.run([*git, "checkout", "-q", "-"], check=True)


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
    print("| | own | of what it starts | by the clock |\n|---|---|---|---|")
    for name, run in found.items():
        print(f"| {name} | {run['own']:.3f} | {run['started']:.3f} | {run['clock']:.2f} |")
    print(json.dumps({"files": files, "freshness": found}))


if __name__ == "__main__":
    main()
