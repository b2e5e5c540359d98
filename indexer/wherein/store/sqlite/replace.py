"""Putting a finished new index in the place of an old one."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from wherein.store.sqlite.connection import APPLICATION_ID, remove
from wherein.store.sqlite.failures import BUSY_SECONDS, primary_code

_RETRY = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY))
"""What tells nothing of the old file's health: the old file stays as it is."""


def side_file(path: Path) -> Path:
    """Where the new index grows until it is complete."""
    return path.with_name(path.name + ".new")


def put_in_place(new: Path, old: Path) -> None:
    """Make `old` hold what `new` holds, and remove `new`, to which nobody may be connected.

    Where `old` is a database of ours its pages are overwritten in one transaction: readers who have it open
    go on and notice. Where it is absent, damaged or foreign the file itself is exchanged.
    """
    if old.exists() and _overwrite(new, old):
        remove(new)
    else:
        remove(old)
        new.replace(old)


def _overwrite(new: Path, old: Path) -> bool:
    deadline = time.monotonic() + BUSY_SECONDS

    def give_up(*_: int) -> None:
        if time.monotonic() > deadline:
            raise sqlite3.OperationalError("the old index is in use")

    try:
        with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(old)) as target:
            if target.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return False
            source.backup(target, progress=give_up)
    except sqlite3.DatabaseError as error:
        if primary_code(error) in _RETRY or time.monotonic() > deadline:
            raise
        return False
    return True
