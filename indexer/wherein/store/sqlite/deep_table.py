"""The deep vectors of one model in memory, and an exact scan of them."""

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.store.description import matched
from wherein.store.int8 import best, pack, products, scales_of
from wherein.store.protocol import Embeddings
from wherein.store.sqlite.numbers import columns

TOGETHER = 8192
"""Vectors that SQLite joins at once."""

SPARE = 1.25
"""Times as much room is made as is needed."""

# `+model`: by their ids, of which few are new. By the model all would be read and sorted, before each search: 1 ms.
_ADDED = (
    "SELECT group_concat(id), CAST(group_concat(data, '') AS BLOB) FROM "
    "(SELECT id, data FROM deep_vector WHERE +model = ? AND id > ? ORDER BY id LIMIT ?)"
)
_LINKED = "(SELECT id, chunk, vector FROM deep_chunk WHERE id > ? AND +model = ? ORDER BY id)"


class DeepTable:
    """Which chunks have which vector. One byte a dimension of each content, and 20 a chunk."""

    def __init__(self, model: int, dimension: int) -> None:
        self._model = model
        self._vectors: NDArray[np.int8] = np.empty((0, dimension), np.int8)
        self._room = self._vectors
        """the array that `_vectors` is the beginning of"""
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        """of the vectors, ascending"""
        self._last_link = 0
        self.chunks: NDArray[np.int64] = np.empty(0, np.int64)
        """those that were filled, ascending"""
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        """of each of them its row among the vectors"""
        self._scales: NDArray[np.float32] = np.empty(0, np.float32)
        """1 / length of each vector; 0 where it has none"""

    def top_up(self, db: sqlite3.Connection) -> None:
        """Read what was stored since the last call. Deletions are not noticed: those need a new table."""
        last = int(self._ids[-1]) if len(self._ids) else 0
        width = self._vectors.shape[1]
        added, of = [self._vectors], [self._ids]
        while True:
            ids, data = db.execute(_ADDED, (self._model, last, TOGETHER)).fetchone()
            if ids is None:
                break
            of.append(np.fromstring(ids, dtype=np.int64, sep=","))
            added.append(np.frombuffer(data, np.int8).reshape(-1, width))
            last = int(of[-1][-1])
        if len(added) > 1:
            self._append(added[1:])
            self._ids = np.concatenate(of)
            self._scales = np.concatenate([self._scales, *map(scales_of, added[1:])])
        links, chunks, vectors = columns(
            db, ("id", "chunk", "vector"), _LINKED, (self._last_link, self._model)
        )
        if len(links):
            self._last_link = int(links[-1])
            rows = np.searchsorted(self._ids, vectors)
            chunks, rows = np.concatenate([self.chunks, chunks]), np.concatenate([self._rows, rows])
            order = np.argsort(chunks, kind="stable")
            self.chunks, self._rows = chunks[order], rows[order]

    def _append(self, added: Sequence[NDArray[np.int8]]) -> None:
        """Into room that is there already: while the tier is filled, some come before every other search, and copying
        all for them took 2 ms of 20,000 chunks. What readers hold of the table stays as it was."""
        count = len(self._vectors)
        total = count + sum(map(len, added))
        if total > len(self._room):
            self._room = np.empty((max(total, int(total * SPARE)), self._vectors.shape[1]), np.int8)
            self._room[:count] = self._vectors
        for rows in added:
            self._room[count : count + len(rows)] = rows
            count += len(rows)
        self._vectors = self._room[:count]

    def scan(self, query: Embeddings, mask: NDArray[np.uint8]) -> "DeepScan":
        """The cosines of a query with all chunks that a mask lets through and that have a direction."""
        packed = pack(query[np.newaxis, :])
        cosines = products(packed, self._vectors) * (self._scales * scales_of(packed))
        there = (mask[self.chunks] != 0) & (self._scales[self._rows] > 0)
        return DeepScan(self.chunks[there], cosines[self._rows[there]])

    def matched(self, terms: Sequence[str], mask: NDArray[np.uint8]) -> "DeepScan":
        """How much of some terms the descriptions have of all chunks that a mask lets through and that have any."""
        scores = matched(self._vectors, terms)
        there = (mask[self.chunks] != 0) & (scores[self._rows] > 0)
        return DeepScan(self.chunks[there], scores[self._rows[there]])

    def rows(self, mask: NDArray[np.uint8]) -> list[bytes]:
        """Those of the chunks that a mask lets through, without those that are all zero."""
        there = (mask[self.chunks] != 0) & (self._scales[self._rows] > 0)
        return [row.tobytes() for row in self._vectors[self._rows[there]]]

    def rows_of(self, chunks: NDArray[np.int64]) -> dict[int, bytes]:
        """Those of some chunks, as far as they have any that is not all zero."""
        if not len(self.chunks):
            return {}
        places = np.minimum(np.searchsorted(self.chunks, chunks), len(self.chunks) - 1)
        rows = self._rows[places]
        there = (self.chunks[places] == chunks) & (self._scales[rows] > 0)
        return {
            chunk: self._vectors[row].tobytes()
            for chunk, row in zip(chunks[there].tolist(), rows[there].tolist(), strict=True)
        }


class DeepScan:
    """What a scan found."""

    def __init__(self, chunks: NDArray[np.int64], cosines: NDArray[np.float32]) -> None:
        self._chunks = chunks
        self._cosines = cosines

    def nearest(self, limit: int) -> tuple[list[int], list[int]]:
        """The `limit` nearest chunks, in no order: those that surely are, and those that share the last place."""
        above, equal = best(self._cosines, limit)
        return self._chunks[above].tolist(), self._chunks[equal].tolist()

    def of(self, chunks: NDArray[np.int64]) -> dict[int, float]:
        """The cosines of those of the chunks that have one."""
        if not len(self._chunks):
            return {}
        places = np.minimum(np.searchsorted(self._chunks, chunks), len(self._chunks) - 1)
        there = self._chunks[places] == chunks
        return dict(zip(chunks[there].tolist(), self._cosines[places[there]].tolist(), strict=True))
