"""The records on disk: one file a day, one JSON object a line; older days are added up in one file and deleted."""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from wherein import private
from wherein.measured.tally import Tallies

FOLDER = "measured"

MOST_BYTES = 4_000_000
"""Of a day's file: some 30,000 questions. What is asked beyond that is not noted."""

MOST_LINE = 1_000
"""Bytes of a line; a longer question is cut."""

KEPT_DAYS = 30
"""Percentiles are of these; counters are of all time."""

TOTALS = "totals.json"

_OF_A_DAY = re.compile(r"\d{4}-\d\d-\d\d\.jsonl")


def append(data_dir: Path, line: Mapping[str, Any]) -> None:
    """Add a line to today's file. 60 us; a folder that cannot be written is left alone."""
    now = time.time()
    text = _line({**line, "at": round(now, 3)})
    with suppress(OSError):
        folder = data_dir / FOLDER
        today = folder / f"{_day(now)}.jsonl"
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            opened = os.open(today, flags)
        except FileNotFoundError:
            private.folder(folder)
            private.create(today)
            _add_up(folder, _day(now - KEPT_DAYS * 86_400))
            opened = os.open(today, flags)
        try:
            if os.fstat(opened).st_size < MOST_BYTES:
                os.write(opened, text)
        finally:
            os.close(opened)


def lines(data_dir: Path, days: int) -> Iterator[dict[str, Any]]:
    """What was noted in the last days, today included, oldest day first; what is no note is passed over."""
    first = _day(time.time() - (days - 1) * 86_400)
    for file in _files(data_dir / FOLDER):
        if file.stem >= first:
            yield from _notes(file)


def totals(data_dir: Path) -> Tallies:
    """Everything that was ever noted, added up."""
    folder = data_dir / FOLDER
    sums = _totals(folder)
    for file in _files(folder):
        sums.add_all(_notes(file))
    return sums


def _add_up(folder: Path, first: str) -> None:
    """Days before `first` go into the totals. Where another process is at it, it is left to that."""
    old = [file for file in _files(folder) if file.stem < first]
    if not old:
        return
    from filelock import Timeout

    with suppress(Timeout), private.lock(folder / "totals.lock", timeout=0):
        sums = _totals(folder)
        for file in old:
            sums.add_all(_notes(file))
        private.write(folder / TOTALS, json.dumps(sums.as_data()).encode())
        for file in old:
            file.unlink(missing_ok=True)


def _totals(folder: Path) -> Tallies:
    try:
        return Tallies.of_data(json.loads(_read(folder / TOTALS)))
    except (OSError, ValueError, RecursionError):
        return Tallies()


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if _OF_A_DAY.fullmatch(file.name))
    except OSError:
        return []


def _notes(file: Path) -> Iterator[dict[str, Any]]:
    try:
        text = _read(file)
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, RecursionError):
            note = json.loads(line)
            if isinstance(note, dict):
                yield note


def _read(file: Path) -> bytes:
    """A regular file of ours, no longer than one may be."""
    opened = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(opened, "rb") as stream:
        return stream.read(MOST_BYTES + MOST_LINE)


def _line(line: Mapping[str, Any]) -> bytes:
    text = json.dumps(line, separators=(",", ":")).encode()
    if len(text) > MOST_LINE and "query" in line:
        room = max(0, (MOST_LINE - len(text)) // 6 + len(str(line["query"])))
        text = json.dumps({**line, "query": str(line["query"])[:room]}, separators=(",", ":")).encode()
    return text[:0] if len(text) > 2 * MOST_LINE else text + b"\n"


def _day(when: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(when))
