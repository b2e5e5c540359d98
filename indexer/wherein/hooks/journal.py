"""How runs ended: the last one of each place, and a log that does not grow."""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from wherein import private
from wherein.quick_dataclass import dataclass
from wherein.without_waiting import open_at_once

LOG, LAST = "log", "last.json"

MOST_LOG = 200_000
"""Bytes; then the older half goes. A run is a line of some 150."""

MOST_LAST = 500
"""Places of which the last run is remembered."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run in one place."""

    place: str
    began: float
    """seconds since the epoch"""
    seconds: float
    result: str
    """done, skipped or failed"""
    says: str
    """a sentence"""


def note(state: Path, run: Run) -> None:
    """Remember a run, where that is possible: a full disk is no reason to fail."""
    with suppress(OSError):
        _log(state / LOG, run)
    with suppress(OSError):
        known = _last(state)
        known.pop(run.place, None)
        known[run.place] = asdict(run)
        private.write(state / LAST, json.dumps(dict(list(known.items())[-MOST_LAST:]), indent=1).encode())


def last_run(state: Path, place: Path) -> Run | None:
    """The last one in a place; None if there was none."""
    found = _last(state).get(_name(place))
    with suppress(TypeError):
        return Run(**found) if isinstance(found, dict) else None
    return None


def run_in(place: Path, began: float, seconds: float, result: str, says: str) -> Run:
    """A run for the journal, in text that any file bears."""
    return Run(_name(place), began, round(seconds, 3), result, says.encode(errors="replace").decode())


def _name(place: Path) -> str:
    return os.fsencode(place).decode(errors="backslashreplace")


def _log(path: Path, run: Run) -> None:
    private.create(path)
    if path.stat().st_size > MOST_LOG:
        kept = private.read(path)[-MOST_LOG // 2 :]
        private.write(path, kept.partition(b"\n")[2])
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.began))
    says = " ".join(run.says.split())
    with open(path, "a", encoding="utf-8", errors="replace", opener=open_at_once) as file:
        file.write(f"{when} {run.seconds:.2f} s {run.result} {run.place!r}: {says}\n")


def _last(state: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        known = private.read_json(state / LAST)
        if isinstance(known, dict):
            return known
    return {}
