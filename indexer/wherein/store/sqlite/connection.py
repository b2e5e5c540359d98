"""Connections to an index file, and what they must find in it."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ELOOP, ENOENT, ENOTDIR
from pathlib import Path
from urllib.parse import quote

from wherein.errors import IndexIncompatible, IndexMissing, IndexOutdated, StoreUnreachable
from wherein.quick_dataclass import dataclass
from wherein.store.header import REBUILD, RENEW, SCHEMA, UPDATE
from wherein.store.protocol import Header
from wherein.store.sqlite.descriptors import Connection, Held, connect
from wherein.store.sqlite.failures import BUSY_SECONDS, damaged, foreign, primary_code
from wherein.store.sqlite.proven import Proven, prove, proven_lately
from wherein.store.sqlite.sums import all_sums, sums_path
from wherein.store.undecodable import UNDECODABLE

APPLICATION_ID = 0x77687265
"""`whre` in the file's header: tells our files from other SQLite databases."""

CACHE_KIB = 16_384
"""Page cache of a connection; names are inserted at random pages, for which SQLite's own 2 MiB are few."""
_TELLS_WHAT_IT_IS = frozenset(
    (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)
)
"""After any other error of a file that does not fit its sums, the file is to blame, whatever SQLite calls it."""
_NO_ROOM = frozenset((sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL))
SHARED_BYTES = 32 << 10
"""Of the -shm that processes who have an index open share; it is never smaller."""
PAUSES = (0.0, 0.02, 0.1, 0.3)
"""Seconds before each look at a file that does not fit its sums: somebody may be writing both."""
MOST_EXCHANGED = 20
"""How often a file may be deleted, or another one put in its place, while it is being opened."""
WAL_KEPT_BYTES = 32 << 20
"""The write-ahead log is cut back to this after a large batch."""


class AsItLies(Connection):
    """A connection that sees no change: good for one transaction, after which there may be room for a writer."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file says of itself."""

    repository: str
    header: Header
    made: int
    """which file it is: another number for each that was ever made"""
    epoch: int
    next_chunk: int
    commits: int


def to_bytes(name: str) -> bytes:
    """A path, view or repository as git has it: surrogate escapes become the bytes they stand for."""
    return name.encode("utf-8", "surrogateescape")


def to_name(raw: bytes) -> str:
    """The reverse of `to_bytes`."""
    return raw.decode("utf-8", "surrogateescape")


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, on an index of this schema of which every page is as it was written.

    It never folds in the log, not even when it is the last one to be closed: that is for who writes the sums.
    Where there can be no writer beside it, and no room for what SQLite puts there, the file is read `AsItLies`.
    Raises IndexMissing, IndexIncompatible or StoreUnreachable.
    """
    for _ in range(MOST_EXCHANGED):
        if not _is_file(path):
            break
        with suppress(FileNotFoundError), Held(path) as held:
            try:  # the file is held so that no other one gets its number meanwhile
                return _proven_reader(path)
            except IndexOutdated:  # by its own head, however much else is gone
                raise
            except (IndexIncompatible, OSError, sqlite3.Error, *UNDECODABLE):
                if file_id(path) == held.file:
                    time.sleep(PAUSES[2])  # the log is deleted before the file
                    if file_id(path) == held.file:
                        raise
    return _proven_reader(path)


def _is_file(path: Path) -> bool:
    """By one look, between two of which there may be another one; raises IndexMissing if there is nothing."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        if error.errno in (ENOENT, ENOTDIR, ELOOP):
            raise missing(path) from None
        raise


def _proven_reader(path: Path) -> sqlite3.Connection:
    proven = proven_lately(path)
    if proven is None and path.is_file():
        proven = prove(path, all_sums(path))
    try:
        try:
            db = _verified(path, "mode=ro")
        except sqlite3.OperationalError as error:
            # WAL needs a file beside the index even to read: no room or no right to make it.
            if not (_frozen(path) or (primary_code(error) in _NO_ROOM and _untouched(path))):
                raise
            db = _verified(path, "mode=ro&immutable=1", kind=AsItLies)
    except (*UNDECODABLE, sqlite3.Error) as error:
        told = isinstance(error, sqlite3.Error) and primary_code(error) in _TELLS_WHAT_IT_IS
        if proven is None and not told and all_sums(path):
            raise damaged(path, error) from error
        raise
    try:
        _check(db, path, proven)
    except BaseException:
        db.close()
        raise
    return db


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection for the one writer, verified as `connect_reader` does."""
    return _verified(
        path,
        "mode=rw",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",  # no fsync a batch: a power cut may lose the last batches, each whole
        f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}",
        "PRAGMA wal_autocheckpoint = 0",  # what is folded in must be in the sums before
    )


def verify(db: sqlite3.Connection, path: Path) -> Identity:
    """Read who wrote the file.

    Raises IndexMissing if it is empty, IndexIncompatible if it is not ours or has another schema.
    """
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        if not path.stat().st_size:
            raise missing(path)
        raise foreign(path)
    if version != SCHEMA:
        says = f"The index {path} has schema {version}; this version of wherein reads schema {SCHEMA}."
        if version < SCHEMA:
            raise IndexOutdated(says, remedy=RENEW)
        raise IndexIncompatible(says, remedy=f"{UPDATE}; or `{REBUILD}`")
    row = db.execute("SELECT * FROM identity").fetchone()
    if row is None:
        raise foreign(path)
    return Identity(
        to_name(row[1]), Header(*row[2:7]), made=row[7], epoch=row[8], next_chunk=row[9], commits=row[10]
    )


def file_id(path: Path) -> tuple[int, int]:
    """Which file is at a path: the same for as long as it is not exchanged; raises IndexMissing if there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise missing(path) from None
    return status.st_dev, status.st_ino


def missing(path: Path) -> IndexMissing:
    """For an index that nobody has made yet."""
    return IndexMissing(f"Nothing is indexed here yet: there is no {path}.", remedy="wherein index")


@contextmanager
def transaction(db: sqlite3.Connection, begin: str = "BEGIN") -> Iterator[sqlite3.Connection]:
    """All or nothing; for reading, one snapshot."""
    db.execute(begin)
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # SQLite rolls back by itself when the disk is full
            db.execute("ROLLBACK")
        raise


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The transaction of a writer, counted."""
    with transaction(db, "BEGIN IMMEDIATE"):
        yield db
        db.execute("UPDATE identity SET commits = commits + 1")


def _check(db: sqlite3.Connection, path: Path, proven: Proven | None) -> None:
    """Return where what SQLite reads is what was written last; `proven` is what was found before it looked.

    With fewer transactions than the sums know of, the log was lost, or an older one lies there; with more than there
    are, the log is that of a later state of the file."""
    for pause in PAUSES:
        time.sleep(pause)
        with transaction(db):  # holds the log still
            found = verify(db, path)
            proven = proven or prove(path, [sums_path(path, found.made)])
            if proven and proven.made == found.made and proven.first <= found.commits <= proven.last:
                return
        if not path.exists():
            break
        proven = None
    raise damaged(path, "it differs from what was written")


def _verified(
    path: Path, parameters: str, *settings: str, kind: type[Connection] = Connection
) -> sqlite3.Connection:
    if path.is_dir():
        raise StoreUnreachable(
            f"A folder stands where the index {path} belongs.", remedy="move the folder away"
        )
    if not path.exists():
        raise missing(path)
    db = opened(path, parameters, kind)
    try:
        verify(db, path)
        for setting in settings:
            db.execute(setting).fetchall()
    except BaseException:
        db.close()
        raise
    return db


def opened(path: Path, parameters: str, kind: type[Connection] = Connection) -> sqlite3.Connection:
    """A connection, not verified, with the settings that all have; its transactions are begun and ended in
    `transaction` alone. The store has a lock for each."""
    name = quote(os.fsencode(path.absolute()))
    # with an empty host before it: of a path that begins with two slashes, SQLite would take the first folder for one
    uri = f"file:{'//' if name.startswith('/') else ''}{name}?{parameters}"
    db = connect(path, uri, kind, timeout=BUSY_SECONDS)
    try:
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        db.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        db.close()
        raise
    return db


def _frozen(path: Path) -> bool:
    """Whether nobody with our rights can write beside the index, and nothing waits in a write-ahead log."""
    return not os.access(path.parent, os.W_OK) and not _size(path, "-wal")


def _untouched(path: Path) -> bool:
    """Whether no process has the index open, and nothing waits in a write-ahead log."""
    return not _size(path, "-wal") and _size(path, "-shm") < SHARED_BYTES


def _size(path: Path, suffix: str) -> int:
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except FileNotFoundError:
        return 0
