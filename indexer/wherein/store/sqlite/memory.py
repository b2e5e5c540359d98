"""What a reader keeps in memory between queries, consistent with the snapshot that its transaction reads."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from wherein.quick_dataclass import dataclass
from wherein.store.globs import path_filter
from wherein.store.protocol import Filters, ViewRecord
from wherein.store.spellings import storable
from wherein.store.sqlite import views
from wherein.store.sqlite.candidates import Versions
from wherein.store.sqlite.connection import Identity, to_bytes, to_name
from wherein.store.sqlite.deep import model_of
from wherein.store.sqlite.deep_table import DeepTable
from wherein.store.sqlite.names import Names
from wherein.store.sqlite.numbers import columns
from wherein.store.sqlite.vectors import VectorTable

MASKS_KEPT = 16
"""Pairs of view and filters whose chunks are remembered: one byte a chunk each."""

ID_BITS = 40
"""Of a chunk's id, within its file; what tells the file stands above."""


@dataclass(slots=True)
class Allowed:
    """Which chunks may be found: byte `id` of the mask is 1."""

    mask: NDArray[np.uint8]
    lookup: bytes
    """the same bytes, for SQLite to call"""
    chunks: int
    everything: bool
    """whether these are all that the store holds"""
    _rows: NDArray[np.int64] | None = None

    def rows(self, table: VectorTable) -> NDArray[np.int64] | None:
        """Their rows in the table of all embeddings; None if they are all. Computed once."""
        if self._rows is None and not self.everything:
            self._rows = np.flatnonzero(self.mask[table.ids])
        return self._rows


class Memory:
    """Everything that is derived from the file: discarded, or topped up, when the file has changed."""

    def __init__(self) -> None:
        self._data_version = -1
        self._epoch = -1
        self._made = 0
        self._ids_end = 1
        self._state: object = None
        """what is stored and shown, as `renew` found it"""
        self._vectors: VectorTable | None = None
        self._deep: dict[str, DeepTable] = {}
        self._vectors_are_all = False
        """whether they are those of this snapshot"""
        self._deep_now: dict[str, DeepTable | None] = {}
        """those that are; None where it has none"""
        self._masks: dict[tuple[str, Filters], Allowed | None] = {}
        self._views: dict[str, ViewRecord | None] = {}
        self.document_frequency: dict[str, int] = {}
        self.versions = Versions()
        self.names = Names()
        self.chunks = 0
        self.terms = 0

    def outer(self, chunk: int) -> int:
        """The id of a chunk for people outside: that of another file's chunk is another one."""
        return self._made << ID_BITS | chunk

    def inner(self, chunk: int | str) -> int:
        """The reverse; 0, which no chunk has, for one of another file."""
        return self.inner_of(chunk, self._made)

    @staticmethod
    def inner_of(chunk: int | str, file: int) -> int:
        """`inner`, of the file that was made as `file`."""
        made, own = divmod(int(chunk), 1 << ID_BITS)
        return own if made == file else 0

    def stale(self, data_version: int) -> bool:
        """Whether another connection has committed since `renew`."""
        return data_version != self._data_version

    def renew(self, db: sqlite3.Connection, data_version: int, identity: Identity) -> None:
        """Forget what a commit may have changed; vectors and versions stay, unless rows were deleted. A batch of the
        deep tier changes nothing that views show: while it is filled, one comes before every other search."""
        if (identity.made, identity.epoch) != (self._made, self._epoch):
            self._vectors = None
            self._deep.clear()
            self.versions = Versions()
            self.names = Names()
        self._vectors_are_all = False
        self._deep_now.clear()
        state = identity.made, identity.epoch, identity.next_chunk, views.states(db)
        if state != self._state:
            self._state = state
            self._masks.clear()
            self._views.clear()
            self.document_frequency.clear()
            self.chunks, self.terms = db.execute(
                "SELECT coalesce(sum(chunks), 0), coalesce(sum(terms), 0) FROM version"
            ).fetchone()
        self._ids_end = identity.next_chunk
        self._epoch = identity.epoch
        self._made = identity.made
        self._data_version = data_version

    def view(self, db: sqlite3.Connection, name: str) -> ViewRecord | None:
        """A view's record, counted once: every search asks whether its view is there."""
        if name not in self._views:
            self._views[name] = next(iter(views.records(db, name)), None)
        return self._views[name]

    def vectors(self, db: sqlite3.Connection, dimension: int) -> VectorTable:
        """The embeddings of all chunks, read at the first semantic query."""
        if self._vectors is None:
            self._vectors = VectorTable(dimension)
        if not self._vectors_are_all:
            self._vectors.top_up(db)
            self._vectors_are_all = True
        return self._vectors

    def deep(self, db: sqlite3.Connection, model: str) -> DeepTable | None:
        """The deep vectors of a model, read at the first question for them; None if there are none."""
        if model not in self._deep_now:
            found, table = model_of(db, model), None
            if found is not None:
                table = self._deep.setdefault(model, DeepTable(*found))
                table.top_up(db)
            self._deep_now[model] = table
        return self._deep_now[model]

    def allowed(self, db: sqlite3.Connection, view: str, filters: Filters) -> Allowed | None:
        """The chunks that the view shows and the filters let through; None if there are none."""
        key = (view, filters)
        if key not in self._masks:
            if len(self._masks) >= MASKS_KEPT:
                self._masks.pop(next(iter(self._masks)))
            self._masks[key] = self._mask(db, view, filters)
        return self._masks[key]

    def _mask(self, db: sqlite3.Connection, view: str, filters: Filters) -> Allowed | None:
        record = self.view(db, view)
        if record is not None and 0 < record.chunks == self.chunks and filters == Filters():
            # nothing is left out: joining what is shown takes 9 ms of 50,000 files
            mask = np.ones(self._ids_end, dtype=np.uint8)
            return Allowed(mask, mask.tobytes(), record.chunks, True)
        matches = path_filter(filters)
        of = "view JOIN shown ON shown.view = view.id CROSS JOIN version ON version.id = shown.version"
        which = "WHERE view.name = ? AND version.chunks > 0"
        parameters: list[object] = [to_bytes(view)]
        if filters.languages:
            which += f" AND version.language IN ({_marks(filters.languages)})"
            parameters += map(storable, filters.languages)
        if matches:
            rows = db.execute(
                "SELECT version.first_chunk, version.chunks, path.name "  # noqa: S608
                f"FROM {of} JOIN path ON path.id = version.path {which}",
                parameters,
            )
            fits = [row[:2] for row in rows if matches(to_name(row[2]))]
            first, chunks = np.array(fits, dtype=np.int64).reshape(-1, 2).T
        else:
            first, chunks = columns(
                db, ("version.first_chunk", "version.chunks"), f"{of} {which}", parameters
            )
        if not len(first):
            return None
        # +1 where a version's chunks begin, -1 after their end; the running sum is 1 inside
        steps = np.zeros(self._ids_end + 1, dtype=np.int8)
        steps[first] += 1
        steps[first + chunks] -= 1
        mask = np.cumsum(steps[:-1], dtype=np.int8).view(np.uint8)
        if filters.kinds:
            of_kind = db.execute(
                f"SELECT id FROM chunk WHERE kind IN ({_marks(filters.kinds)})",  # noqa: S608
                tuple(map(storable, filters.kinds)),
            ).fetchall()
            wanted = np.zeros_like(mask)
            wanted[np.array(of_kind, dtype=np.int64).ravel()] = 1
            mask = mask & wanted
        count = int(mask.sum())
        return Allowed(mask, mask.tobytes(), count, count == self.chunks) if count else None


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))
