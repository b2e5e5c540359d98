"""The embedded store: one SQLite file a repository."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self, TypeVar

import numpy as np

from wherein.errors import IndexIncompatible, IndexMissing, StoreUnreachable, WhereinError
from wherein.store.header import REBUILD, check_header
from wherein.store.name_book import NameBook
from wherein.store.protocol import (
    Candidate,
    Collected,
    Counts,
    Embeddings,
    FileVersion,
    Filters,
    Header,
    Retrieval,
    Retrieved,
    ViewRecord,
)
from wherein.store.sqlite import candidates, views
from wherein.store.sqlite.collect import collect
from wherein.store.sqlite.connection import (
    AsItLies,
    Identity,
    connect_reader,
    connect_writer,
    create_file,
    file_id,
    remove,
    verify,
    writing,
)
from wherein.store.sqlite.definitions import definitions
from wherein.store.sqlite.failures import explained, reading
from wherein.store.sqlite.memory import Memory
from wherein.store.sqlite.replace import put_in_place, side_file
from wherein.store.sqlite.retrieve import retrieve
from wherein.store.sqlite.seal import due, seal
from wherein.store.sqlite.space import give_back, much_is_free, size
from wherein.store.sqlite.vectors import unpack
from wherein.store.sqlite.writer import Batch

T = TypeVar("T")


class EmbeddedStore:
    """Implements `Store`. May be used from several threads.

    Reads go through one connection and writes through another, each behind a lock of its own: reads of one
    object take turns, but never wait for a write; each read, and all that `at_once` reads, is one transaction and so
    sees one snapshot.

    With `replace` an index is built anew beside the old one and takes its place with the first complete view
    (`write(..., complete=True)`). Until then other processes keep the old one; a crash leaves it as it was.
    Closed before that, the new one takes the place of an old one that is of no use, else it is thrown away.
    """

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
            was_open = self._reader is not None
            self._disconnect()
            if was_open and self._path != self._final:
                try:
                    if self._of_no_use(self._final):
                        put_in_place(self._path, self._final)
                finally:
                    remove(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def at_once(self, read: Callable[[], T]) -> T:
        """See `Store`."""
        with self._transaction():
            return read()

    def views(self) -> list[ViewRecord]:
        """See `Store`."""
        with self._snapshot() as db:
            return views.records(db)

    def view(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        with self._snapshot() as db:
            return self._memory.view(db, name)

    def seen(self, name: str) -> ViewRecord | None:
        """See `Store`. Asking costs nothing here."""
        return self.view(name)

    def view_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        with self._snapshot() as db:
            return views.files(db, name)

    def skipped_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        with self._snapshot() as db:
            return views.skipped_files(db, name)

    def missing(self, versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """See `Store`."""
        with self._snapshot() as db:
            return {pair for pair in versions if views.version_of(db, *pair) is None}

    def write(
        self,
        view: str,
        *,
        put: Sequence[FileVersion] = (),
        link: Mapping[str, str] | None = None,
        unlink: Iterable[str] = (),
        commit: str | None = None,
        complete: bool = False,
    ) -> None:
        """See `Store`. A path that is both hidden and shown is shown."""
        with self._write_connection() as db:
            with writing(db):
                batch = Batch(db, self._header)
                view_id = batch.view(view, commit, complete)
                batch.hide(view_id, unlink)
                batch.link(view_id, link or {})
                batch.put(view_id, put)
                batch.finish()
            if complete and much_is_free(db):
                give_back(db, self._path)
            elif complete or due(self._path):
                seal(db, self._path)
            if complete and self._path != self._final:
                self._publish()

    def drop_view(self, name: str) -> bool:
        """See `Store`."""
        with self._write_connection() as db:
            with writing(db):
                dropped = views.drop(db, name)
            seal(db, self._path)
            return dropped

    def copy_view(self, source: str, target: str) -> bool:
        """See `Store`."""
        with self._write_connection() as db:
            with writing(db):
                copied = views.copy(db, source, target)
            seal(db, self._path)
            return copied

    def collect(self) -> Collected:
        """See `Store`."""
        with self._write_connection() as db:
            before = size(self._path)
            versions, chunks = collect(db)
            give_back(db, self._path)
            return Collected(versions, chunks, max(0, before - size(self._path)))

    def retrieve(self, request: Retrieval) -> Retrieved:
        """See `Store`."""
        width = self._header.dimension
        if request.embedding is not None and request.embedding.shape != (width,):
            raise ValueError(
                f"an embedding of shape {request.embedding.shape} where the index has ({width},)"
            )
        with self._snapshot() as db:
            return retrieve(db, self._memory, self._header.dimension, request)

    def texts(self, ids: Sequence[int | str]) -> list[str]:
        """See `Store`. An id that has been collected has no text."""
        with self._snapshot() as db:
            return candidates.texts(db, list(map(self._memory.inner, ids)))

    def chunk_at(self, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
        """See `Store`."""
        with self._snapshot() as db:
            version = views.version_shown(db, view, path)
            chunks = candidates.of_version(db, self._memory, version) if version else []
            for row, chunk in enumerate(chunks):
                if chunk.start_line <= line <= chunk.end_line:
                    return chunk, self._embedding(db, version, row)
            return None

    def definitions(self, view: str, name: str, filters: Filters, limit: int) -> list[Candidate]:
        """See `Store`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, filters)
            if not allowed or not name or limit <= 0:
                return []
            return definitions(db, self._memory, name, allowed, limit)

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """See `Store`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, filters)
            ids = views.first_chunks(db, view, allowed.mask, limit) if allowed and limit > 0 else []
            found = candidates.by_id(db, self._memory, ids)
            return sorted(found, key=lambda each: (each.path, each.start_line))

    def name_book(self) -> NameBook:
        """See `Store`."""
        with self._snapshot() as db:
            return self._memory.names.book(db)

    def chunks_of(self, view: str, path: str) -> list[Candidate]:
        """See `Store`."""
        with self._snapshot() as db:
            version = views.version_shown(db, view, path)
            return candidates.of_version(db, self._memory, version) if version else []

    def counts(self) -> Counts:
        """See `Store`."""
        with self._snapshot() as db:
            versions, chunks, shown = db.execute(
                "SELECT count(*), coalesce(sum(chunks), 0), (SELECT count(*) FROM view) FROM version"
            ).fetchone()
        return Counts(versions, chunks, size(self._path), shown)

    def _embedding(self, db: sqlite3.Connection, version: int | None, row: int) -> Embeddings:
        width = self._header.dimension
        found = db.execute(
            "SELECT substr(data, ?, ?) FROM vectors WHERE version = ?", (row * width + 1, width, version)
        ).fetchone()
        return unpack(found[0]) if found else np.zeros(width, dtype=np.float32)

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
        check_header(identity.header, self._header, self._repository)

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
