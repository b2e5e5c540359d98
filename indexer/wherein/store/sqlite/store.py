"""The embedded store: one SQLite file for each repository."""

import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from wherein.store.name_book import NameBook
from wherein.store.protocol import (
    Candidate,
    Collected,
    Counts,
    Embeddings,
    FileChunks,
    FileVersion,
    Filters,
    Inventory,
    Retrieval,
    Retrieved,
    ViewRecord,
)
from wherein.store.sqlite import candidates, views
from wherein.store.sqlite.collect import collect, live_chunks
from wherein.store.sqlite.connection import writing
from wherein.store.sqlite.deep_store import DeepStore
from wherein.store.sqlite.definitions import definitions
from wherein.store.sqlite.frames import texts
from wherein.store.sqlite.retrieve import retrieve
from wherein.store.sqlite.seal import due, seal
from wherein.store.sqlite.space import give_back, much_is_free, size
from wherein.store.sqlite.vectors import unpack
from wherein.store.sqlite.writer import Batch


class EmbeddedStore(DeepStore):
    """Implements `Store`. May be used from several threads.

    Reads go through one connection and writes through another, each behind a lock of its own. Reads of one object take
    turns, but never wait for a write. Each read, and everything that `at_once` reads, is one transaction and so sees
    one snapshot.

    With `replace`, a new index is built beside the old one and takes its place with the first complete view
    (`write(..., complete=True)`). Until then other processes keep the old one; a crash leaves it as it was. If it is
    closed before that, the new one replaces an old one that cannot be used; otherwise it is thrown away.
    """

    def now(self) -> float:
        """See `Store`."""
        return time.time()

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

    def shows(self, record: ViewRecord, files: Mapping[str, str], *, exactly: bool = True) -> None:
        """See `Store`. Nothing has to be sent here."""

    def view_files(self, name: str, seen: ViewRecord | None = None) -> dict[str, str]:
        """See `Store`. Nothing has to be sent here."""
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
                self._carry_deep()
                self._publish()

    def drop_view(self, name: str) -> bool:
        """See `Store`."""
        with self._write_connection() as db:
            with writing(db):
                dropped = views.drop(db, name)
            seal(db, self._path)
            return dropped

    def copy_view(self, source: str, target: str, *, kept: int = 0) -> bool:
        """See `Store`."""
        with self._write_connection() as db:
            with writing(db):
                copied = views.copy(db, source, target)
            seal(db, self._path)
            return copied

    @property
    def shared(self) -> bool:
        """See `Store`."""
        return False

    def lacks(self, view: str) -> str:
        """See `Store`. A damaged file is refused when it is opened: it is whole, or rebuilt."""
        return ""

    def mend(self) -> None:
        """See `Store`."""

    def live_chunks(self) -> int:
        """See `Store`."""
        with self._snapshot() as db:
            return live_chunks(db)

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
            return texts(db, list(map(self._memory.inner, ids)))

    def chunk_at(self, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
        """See `Store`."""
        with self._snapshot() as db:
            version = views.version_shown(db, view, path)
            chunks = candidates.of_version(db, self._memory, version) if version else []
            for row, chunk in enumerate(chunks):
                if chunk.start_line <= line <= chunk.end_line:
                    return chunk, self._embedding(db, version, row)
            return None

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        """See `Store`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, filters)
            if not allowed or limit <= 0:
                return [[] for _ in names]
            return [
                definitions(db, self._memory, name, allowed, limit, longer=longer and at == 0)
                for at, name in enumerate(names)
            ]

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

    def chunks_of(self, view: str, paths: Collection[str]) -> dict[str, list[Candidate]]:
        """See `Store`."""
        with self._snapshot() as db:
            shown = {path: views.version_shown(db, view, path) for path in paths}
            return {
                path: candidates.of_version(db, self._memory, version) if version else []
                for path, version in shown.items()
            }

    def files_of(self, view: str, paths: Collection[str]) -> dict[str, FileChunks]:
        """See `Store`."""
        with self._snapshot() as db:
            inner = self._memory.inner
            return {
                path: FileChunks(chunks, texts(db, [inner(each.id) for each in chunks]))
                for path, chunks in self.chunks_of(view, paths).items()
            }

    def counts(self) -> Counts:
        """See `Store`."""
        with self._snapshot() as db:
            versions, chunks, shown = db.execute(
                "SELECT count(*), coalesce(sum(chunks), 0), (SELECT count(*) FROM view) FROM version"
            ).fetchone()
        return Counts(versions, chunks, size(self._path), shown)

    def inventory(self) -> Inventory:
        """See `Store`. A file is one index, and whole."""
        return Inventory(self.counts(), "")

    def _embedding(self, db: sqlite3.Connection, version: int | None, row: int) -> Embeddings:
        width = self._header.dimension
        found = db.execute(
            "SELECT substr(data, ?, ?) FROM vectors WHERE version = ?", (row * width + 1, width, version)
        ).fetchone()
        return unpack(found[0]) if found else np.zeros(width, dtype=np.float32)
