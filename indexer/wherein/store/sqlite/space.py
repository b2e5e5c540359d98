"""The size of an index file, and giving back the space that it no longer needs."""

import sqlite3
from pathlib import Path

from wherein.store.sqlite.connection import writing
from wherein.store.sqlite.seal import seal

FREE_SHARE = 0.2
"""A complete index with more free pages than this gives them back. Merges of the inverted index leave 30 %
free after a first index; updates use up what smaller ones leave."""


def size(path: Path) -> int:
    """Bytes of an index file and of the log beside it."""
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def give_back(db: sqlite3.Connection, path: Path) -> None:
    """Shrink the file by its free pages. Readers in the middle of a query keep their snapshot."""
    db.executescript("PRAGMA incremental_vacuum")  # `execute` would stop after the first page
    with writing(db):
        pass
    seal(db, path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def much_is_free(db: sqlite3.Connection) -> bool:
    """Whether that is worth the while."""
    free: int = db.execute("PRAGMA freelist_count").fetchone()[0]
    pages: int = db.execute("PRAGMA page_count").fetchone()[0]
    return free > FREE_SHARE * pages
