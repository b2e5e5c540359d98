"""The connections of an embedded store: one that reads, one that writes, and which file they have open."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self, TypeVar

from wherein.errors import IndexIncompatible, IndexMissing, StoreUnreachable, WhereinError
from wherein.store.header import REBUILD, check_own
from wherein.store.protocol import Header
from wherein.store.sqlite.connection import (
    AsItLies,
    Identity,
    connect_reader,
    connect_writer,
    file_id,
    verify,
)
from wherein.store.sqlite.failures import explained, reading
from wherein.store.sqlite.file import create_file, remove
from wherein.store.sqlite.memory import Memory
from wherein.store.sqlite.replace import put_in_place, side_file
from wherein.store.sqlite.seal import seal

T = TypeVar("T")


class Connected:
    """What `EmbeddedStore` says of its connections, snapshots and files."""

    def __init__(
        self, path: Path, repository: str, header: Header, *, write: bool, replace: bool = False
    ) -> None:
        self.url = f"sqlite://{path.as_posix()}"
        self._repository = repository
        self._header = header
        self._final = path
        self._path = side_file(path) if replace else path
        self._reading = threading.RLock()
        self._writing = threading.RLock()
        self._memory = Memory()
        self._file = (0, 0)
        self._held = False
        """whether a transaction for reading is open"""
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        with reading(self._final):
            if replace:
                remove(self._path)
            try:
                if write:
                    create_file(self._path, repository, header)
                self._connect(write)
            except BaseException:
                if replace:
                    remove(self._path)
                raise

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        with self._writing, self._reading, explained(self._final):
            beside = self._reader is not None and self._path != self._final
            takes_over = False
            try:
                if beside and self._of_no_use(self._final):
                    self._carry_deep()
                    takes_over = True
            finally:
                self._disconnect()
                try:
                    if takes_over:
                        put_in_place(self._path, self._final)
                finally:
                    if beside:
                        remove(self._path)

    def _carry_deep(self) -> None:
        """Into an index that takes the place of another, that one's vectors."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def at_once(self, read: Callable[[], T]) -> T:
        """See `Store`."""
        with self._transaction():
            return read()

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """The transaction for reading, for what is read from it by us."""
        with self._transaction() as db, reading(self._final):
            yield db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction for reading, or the one that is open already, with `_memory` true to what it sees."""
        with self._reading:
            if self._held:
                assert self._reader is not None
                yield self._reader
                return
            with reading(self._final):
                db = self._begin()
            self._held = True
            try:
                yield db
            finally:
                self._held = False
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def _begin(self) -> sqlite3.Connection:
        if self._reader is None:
            raise _closed(self._final)
        if self._writer is None and (file_id(self._path) != self._file or isinstance(self._reader, AsItLies)):
            self._follow()
        db = self._reader
        db.execute("BEGIN")
        try:
            data_version = db.execute("PRAGMA data_version").fetchone()[0]
            if self._memory.stale(data_version):
                identity = verify(db, self._path)
                self._fits(identity)
                self._memory.renew(db, data_version, identity)
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        return db

    @contextmanager
    def _write_connection(self) -> Iterator[sqlite3.Connection]:
        with self._writing, explained(self._final):
            if self._writer is None:
                raise (
                    _closed(self._final)
                    if self._reader is None
                    else StoreUnreachable(
                        f"The index {self._final} was opened for reading only.", remedy="open it for writing"
                    )
                )
            yield self._writer

    @contextmanager
    def _passing_connection(self) -> Iterator[sqlite3.Connection]:
        """A connection that writes, for this once where the store was opened for reading."""
        with self._writing, explained(self._final):
            if self._writer is not None or self._reader is None:
                with self._write_connection() as db:
                    yield db
                return
            with closing(connect_writer(self._path)) as db:
                yield db

    def _connect(self, write: bool) -> None:
        try:
            self._file = file_id(self._path)
            self._reader = connect_reader(self._path)
            identity = verify(self._reader, self._path)
            self._fits(identity)
            if write:
                self._writer = connect_writer(self._path)
        except BaseException:
            self._disconnect()
            raise

    def _follow(self) -> None:
        """Read the file that is there now: while this object lived, the one it had open was deleted or exchanged.

        Where there is none, what is open stays so: the file may come back.
        """
        there = file_id(self._path)
        fresh = connect_reader(self._path)
        if self._reader is not None:
            self._reader.close()
        self._reader, self._file, self._memory = fresh, there, Memory()

    def _fits(self, identity: Identity) -> None:
        if identity.repository != self._repository:
            raise IndexIncompatible(
                f"The file {self._final} is the index of {identity.repository}, not of {self._repository}.",
                remedy=f"move it to where it belongs, then run `{REBUILD}`",
            )
        check_own(identity.header, self._header, self._repository)

    def _of_no_use(self, path: Path) -> bool:
        """Whether there is surely no index that this version could read. That it cannot be opened just now (a full
        disk, a lock, no rights) tells nothing."""
        try:
            with reading(path), closing(connect_reader(path)) as db:
                self._fits(verify(db, path))
        except (IndexMissing, IndexIncompatible):
            return True
        except StoreUnreachable:
            return False
        return False

    def _disconnect(self) -> None:
        """Close the connections. The last one that can write folds in the log: not before all of it is in the sums, so
        where that cannot be (a full disk, another writer), the one that cannot write is closed last."""
        first, last = self._reader, self._writer
        try:
            if last is not None:
                seal(last, self._path)
        except (OSError, sqlite3.Error, WhereinError):
            first, last = last, first
        finally:
            for db in (first, last):
                if db is not None:
                    db.close()
            self._reader = self._writer = None

    def _publish(self) -> None:
        with self._reading:
            self._disconnect()
            try:
                put_in_place(self._path, self._final)
            except BaseException:
                remove(self._path)
                raise
            self._path = self._final
            self._memory = Memory()
            self._connect(write=True)


def _closed(path: Path) -> StoreUnreachable:
    return StoreUnreachable(f"The index {path} was closed.", remedy="open it again")
