"""What SQLite's errors mean to people: each wording and each remedy once."""

import errno
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wherein.errors import IndexIncompatible, StoreUnreachable, WhereinError
from wherein.store.header import REBUILD
from wherein.store.undecodable import UNDECODABLE

if sys.platform != "win32":
    import resource

BUSY_SECONDS = 10.0
"""How long one process waits for another one's write before it gives up."""

FULL_BYTES = 128 << 10
"""With less than this free a disk is full: SQLite says no more than `I/O error` where it has no room for its -shm."""

_PRIMARY_CODE = 0xFF  # extended result codes carry the primary one in their lowest byte


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """`explained`, for what decodes rows: whatever goes wrong with it, the file is to blame."""
    with explained(path):
        try:
            yield
        except UNDECODABLE as error:
            raise damaged(path, error) from error


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say of the index file `path` into one of our errors."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # our mistake, not the file's
    except sqlite3.DatabaseError as error:
        raise explain(error, path) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(path) from error
        raise unreachable(path, error) from error


def explain(error: sqlite3.DatabaseError, path: Path) -> WhereinError:
    """The error of ours for one of SQLite's."""
    match primary_code(error):
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if _no_room(path):
            return _full(path)
        case sqlite3.SQLITE_IOERR if _file_limit() is not None:
            return StoreUnreachable(
                f"The index {path} cannot grow: this process may not write files of more than {_file_limit():,} "
                "bytes at most.",
                remedy="ulimit -f unlimited",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreUnreachable(
                f"Another process keeps the index {path} locked.",
                remedy="wait for it to finish, then run the command again",
            )
        case sqlite3.SQLITE_NOTADB:
            return foreign(path)
        case (
            sqlite3.SQLITE_CORRUPT
            | sqlite3.SQLITE_ERROR
            | sqlite3.SQLITE_SCHEMA
            | sqlite3.SQLITE_MISMATCH
            | None
        ):
            return damaged(path, error)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreUnreachable(
                f"The index {path} can be read but not written.",
                remedy="make the file and its folder writable, or set WHEREIN_DATA_DIR to a folder that is",
            )
        case _:
            return StoreUnreachable(
                f"The index {path} cannot be opened or read: {error}.",
                remedy="check the disk, and the permissions of the file and of its folder",
            )


def primary_code(error: sqlite3.Error) -> int | None:
    """SQLite's result code without its extension; None if the error is the Python module's own."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE


def foreign(path: Path) -> IndexIncompatible:
    """For a file that wherein did not write."""
    return IndexIncompatible(
        f"{path} is not an index of wherein, or its beginning is damaged.",
        remedy=f"move the file away if you need it, then run `{REBUILD}`",
    )


def unreachable(path: Path, error: OSError) -> StoreUnreachable:
    """For a file or folder that the system does not let us use."""
    return StoreUnreachable(
        f"The index {path} cannot be used: {error.strerror or error}.",
        remedy="check its folder, or set WHEREIN_DATA_DIR to another one",
    )


def _full(path: Path) -> StoreUnreachable:
    return StoreUnreachable(
        f"The disk that holds the index {path} is full.",
        remedy="free some space and run the command again: what was indexed before is still there",
    )


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < FULL_BYTES
    except OSError:
        return False


def _file_limit() -> int | None:
    """Bytes that a file of this process may have; None for any number."""
    if sys.platform == "win32":
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return None if limit == resource.RLIM_INFINITY else limit


def damaged(path: Path, error: object) -> IndexIncompatible:
    """For a file that does not hold what was written."""
    return IndexIncompatible(f"The index {path} is damaged: {error}.", remedy=REBUILD)
