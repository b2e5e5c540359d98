"""What `EmbeddedStore` says of the deep tier."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from wherein.store.deep import DeepModel, DeepRow
from wherein.store.protocol import Filters
from wherein.store.sqlite import deep
from wherein.store.sqlite.connection import writing
from wherein.store.sqlite.connections import Connected
from wherein.store.sqlite.seal import due, seal


class DeepStore(Connected):
    """Implements `DeepTier`."""

    def deep_models(self) -> list[DeepModel]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            return deep.models(db)

    def deep_covered(self, view: str, model: str) -> tuple[int, int]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, Filters())
            table = self._memory.deep(db, model)
            if allowed is None:
                return 0, 0
            return (int(allowed.mask[table.chunks].sum()) if table else 0), allowed.chunks

    def deep_lacking(self, view: str, model: str) -> Mapping[str, Sequence[int | str]]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, Filters())
            if allowed is None:
                return {}
            table = self._memory.deep(db, model)
            filled = table.chunks if table else allowed.mask[:0].astype("int64")
            found = deep.lacking(db, view, allowed.mask, filled)
            return {path: [self._memory.outer(chunk) for chunk in some] for path, some in found.items()}

    def deep_known(self, model: str, contents: Iterable[bytes]) -> set[bytes]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            found = deep.model_of(db, model)
            return deep.known(db, found[0], contents) if found else set()

    def deep_vectors(
        self, models: Sequence[str], contents: Sequence[bytes]
    ) -> Mapping[str, Mapping[bytes, bytes]]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            return {model: deep.vectors(db, model, contents) for model in models}

    def deep_claim(self, model: str, contents: Sequence[bytes]) -> set[bytes]:
        """See `DeepTier`."""
        return set(contents)

    def deep_put(self, model: DeepModel, rows: Sequence[DeepRow]) -> int:
        """See `DeepTier`."""
        with self._write_connection() as db:
            return self._put(db, model, rows)

    def deep_keep(self, model: DeepModel, rows: Sequence[DeepRow]) -> None:
        """See `DeepTier`. The connection is made for it, in this store: one that opens the file a second time would,
        when it is closed, take away the locks of those that read."""
        with self._passing_connection() as db:
            self._put(db, model, rows)
            seal(db, self._path)

    def _put(self, db: sqlite3.Connection, model: DeepModel, rows: Sequence[DeepRow]) -> int:
        with writing(db):
            chunks = deep.chunks_here(db, self._path, self._memory, [row.chunk for row in rows])
            linked = deep.put(db, model, rows, chunks)
        if due(self._path):
            seal(db, self._path)
        return linked

    def deep_whole(self, view: str) -> list[str]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            return deep.whole(db, view)

    def deep_note_whole(self, view: str, model: str) -> None:
        """See `DeepTier`."""
        with self._write_connection() as db:
            with writing(db):
                if found := deep.model_of(db, model):
                    deep.note_whole(db, view, found[0])
            seal(db, self._path)

    def deep_rows(self, view: str, model: str) -> list[bytes]:
        """See `DeepTier`."""
        with self._snapshot() as db:
            allowed = self._memory.allowed(db, view, Filters())
            table = self._memory.deep(db, model)
            return [] if allowed is None or table is None else table.rows(allowed.mask)

    def deep_forget(self, model: str) -> int:
        """See `DeepTier`."""
        with self._write_connection() as db:
            with writing(db):
                found = deep.model_of(db, model)
                gone = deep.forget(db, found[0]) if found else 0
            seal(db, self._path)
            return gone

    def _carry_deep(self) -> None:
        """Into an index that takes the place of another, that one's vectors."""
        if self._final.exists():
            with self._write_connection() as db, writing(db):
                deep.carry(self._final, db)
