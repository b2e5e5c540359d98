"""Puts a finished new index in the place of an old one."""

import os
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from wherein.errors import StoreUnreachable
from wherein.store.sqlite.connection import APPLICATION_ID, opened, verify
from wherein.store.sqlite.failures import BUSY_SECONDS, primary_code
from wherein.store.sqlite.file import remove
from wherein.store.sqlite.sums import Sums, forget_others, newer_commits, read_sums, sums_path, write_sums

_OF_NO_USE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
"""What tells that the old file is lost anyway. After all else (a full disk, a lock, no rights) it stays as it is."""


def side_file(path: Path) -> Path:
    """Where the new index grows until it is complete."""
    return path.with_name(path.name + ".new")


def put_in_place(new: Path, old: Path) -> None:
    """Make `old` hold what `new` holds, and remove `new`, to which nobody may be connected.

    The new one is checked and synced first. Where `old` is a database of ours its pages are then overwritten in one
    transaction: readers who have it open go on and notice. Where it is absent, damaged or foreign the file itself is
    exchanged. Whatever fails, `old` stays as it was; `new` is for the caller to remove.
    """
    sums = make_whole(new)
    write_sums(old, sums)  # tells what `old` is to be: sums are named for what they are of
    try:
        if not old.exists() or not _overwrite(new, old):
            remove(old, log_only=True)
            new.replace(old)
    except BaseException:
        sums_path(old, sums.made).unlink(missing_ok=True)
        raise
    sync(old.parent)
    forget_others(old, sums.made)
    remove(new)


def make_whole(path: Path) -> Sums:
    """Fold the log into a file, check every page of it, and wait until the disk has it.

    Raises sqlite3.DatabaseError or StoreUnreachable where that cannot be.
    """
    with closing(opened(path, "mode=rw")) as db:
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        problem = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        stored, counted = db.execute(
            "SELECT (SELECT count(*) FROM chunk), (SELECT coalesce(sum(chunks), 0) FROM version)"
        ).fetchone()
        found = verify(db, path)
    sums = read_sums(sums_path(path, found.made))
    sound = sums is not None and sums.commits == found.commits and newer_commits(path, sums) == 0
    if busy or problem != "ok" or stored != counted or sums is None or not sound:
        raise StoreUnreachable(
            f"The new index {path} was not written as it should have been: the disk may be failing.",
            remedy="check the disk, then run the command again: what was indexed before is still there",
        )
    sync(path)
    return replace(sums, salt=b"", frames=0)


def sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    with suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _overwrite(new: Path, old: Path) -> bool:
    """Whether `old` could be made to hold what `new` holds; if not, it was of no use."""
    deadline = time.monotonic() + BUSY_SECONDS

    def give_up(*_: int) -> None:
        if time.monotonic() > deadline:
            raise sqlite3.OperationalError("the old index is in use")

    try:
        with closing(opened(new, "mode=rw")) as source, closing(opened(old, "mode=rw")) as target:
            if target.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return False
            source.backup(target, progress=give_up)
    except sqlite3.DatabaseError as error:
        if primary_code(error) in _OF_NO_USE:
            return False
        raise
    return True
