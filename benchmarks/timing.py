"""Measuring: wall time, percentiles, runs of the command, and the machine that it was measured on."""

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from wherein.measured.percentiles import nearest_rank

T = TypeVar("T")

LIBRARIES = ("wherein", "numpy", "simsimd", "tree-sitter", "PyStemmer")
"""Those whose versions a figure depends on."""

FOUND_OR_NOT = (0, 1)
"""Exit codes of a command that did its work."""


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    return timed(work)[1]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What one call gives, and its wall time."""
    began = time.perf_counter()
    given = work()
    return given, time.perf_counter() - began


def middle(work: Callable[[], object], times: int) -> float:
    """The median wall time of so many calls."""
    return median(seconds(work) for _ in range(times))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    return nearest_rank(sorted(values), share)


def command_line(*arguments: str) -> list[str]:
    """The `wherein` command of this installation, without the start of its wrapper script."""
    return [sys.executable, "-m", "wherein_server.cli", *arguments]


def command(*arguments: str, data_dir: Path, cwd: Path) -> Callable[[], object]:
    """A run of the command as one call, which raises when it fails; finding nothing is no failure."""
    environment = {**os.environ, "WHEREIN_DATA_DIR": str(data_dir)}

    def run() -> None:
        done = subprocess.run(
            command_line(*arguments), cwd=cwd, env=environment, capture_output=True, check=False
        )
        if done.returncode not in FOUND_OR_NOT:
            done.check_returncode()

    return run


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def copy_of(repository: Path, into: Path) -> Path:
    """A repository of one's own to change, at `into`."""
    shutil.copytree(repository, into, symlinks=True)
    return into


def machine() -> dict[str, Any]:
    """Where and when a figure was taken."""
    return {
        "date": date.today().isoformat(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "versions": {name: version(name) for name in LIBRARIES},
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
