"""Embeddings as int8 rows: an exact scan of all of them in memory."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from wherein.store.int8 import best, pack, products, scales_of
from wherein.store.protocol import Embeddings
from wherein.store.sqlite.numbers import columns

GATHERED = 0.25
"""Up to this share of all rows, those that a filter lets through are copied together and scanned alone."""

ROOM = 0.25
"""Of the rows held, how many more there is room for when the table grows. While 77,000 chunks are indexed, searches
read batch after batch: copying all rows for each took 320 ms of processor time, with room 50, and the slowest hundredth
of these searches 20 and 14 ms. Memory that nothing was written to is not taken."""

TOGETHER = 8192
"""Chunks, about, whose embeddings are put into place at once."""

_DATA = (
    "SELECT CAST(group_concat(data, '') AS BLOB) "
    "FROM (SELECT data FROM vectors WHERE version > ? AND version <= ? ORDER BY version)"
)
"""Joined by SQLite: 50,000 versions take 10 ms, of which this process's other threads wait for nothing; each version by
itself 17."""


def unpack(row: bytes) -> Embeddings:
    """One row as floats of length 1 (or all zero), shape (dimension,)."""
    floats = np.frombuffer(row, dtype=np.int8).astype(np.float32)
    length = float(np.linalg.norm(floats))
    return floats / length if length else floats


class VectorTable:
    """The embeddings of all chunks that a store holds, row for row in order of the chunks' ids.

    One byte a dimension and four for the length: 26 MB for 100,000 chunks of 256 dimensions.
    """

    def __init__(self, dimension: int) -> None:
        self.ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._rows: NDArray[np.int8] = np.empty((0, dimension), dtype=np.int8)
        self._space = self._rows
        """what `_rows` is the beginning of"""
        self._scales: NDArray[np.float32] = np.empty(0, dtype=np.float32)
        """1 / length of each row; 0 for rows without a direction"""
        self._last_version = 0

    def top_up(self, db: sqlite3.Connection) -> None:
        """Read what was stored since the last call. Deletions are not noticed: those need a new table."""
        versions, first, chunks = columns(
            db,
            ("version", "first_chunk", "chunks"),
            "(SELECT version, first_chunk, chunks FROM vectors WHERE version > ? ORDER BY version)",
            (self._last_version,),
        )
        if not len(versions):
            return
        held = len(self._rows)
        rows = self._grown(held + int(chunks.sum()))
        # Straight into place: at a million chunks there is no room for a second copy.
        flat, at = rows.reshape(-1).view(np.uint8), held * rows.shape[1]
        before = self._last_version
        ends = np.flatnonzero(np.diff(np.cumsum(chunks) // TOGETHER, append=-1))
        for last in versions[ends].tolist():
            (data,) = db.execute(_DATA, (before, last)).fetchone()
            flat[at : at + len(data)] = np.frombuffer(data, dtype=np.uint8)
            at, before = at + len(data), last
        self._rows = rows
        self._scales = np.concatenate([self._scales, scales_of(rows[held:])])
        self.ids = np.concatenate([self.ids, _ranges(first, chunks)])
        self._last_version = int(versions[-1])

    def _grown(self, count: int) -> NDArray[np.int8]:
        """`count` rows, of which those that are held are the first."""
        held = len(self._rows)
        if count > len(self._space):
            self._space = np.empty((count + int(held * ROOM), self._rows.shape[1]), dtype=np.int8)
            self._space[:held] = self._rows
        return self._space[:count]

    def cosines(self, query: Embeddings, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """The cosine of the query with each row, or with those given; 0 for rows without a direction."""
        some, scales = (self._rows, self._scales) if rows is None else (self._rows[rows], self._scales[rows])
        packed = pack(query[np.newaxis, :])
        return products(packed, some) * (scales * scales_of(packed))

    def positions(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of chunks; -1 for chunks without an embedding."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[places] == ids, places, -1)


class Scan:
    """The cosines of a query with the rows of a table: with all, or where few are let through, with those."""

    def __init__(self, table: VectorTable, query: Embeddings, rows: NDArray[np.int64] | None = None) -> None:
        """`rows` are those that may be found; all, where it is None."""
        self._table, self._query, self._rows = table, query, rows
        self._gathered = rows is not None and len(rows) <= GATHERED * len(table.ids)
        self._cosines = table.cosines(query, rows if self._gathered else None)

    def nearest(self, limit: int) -> tuple[list[int], list[int]]:
        """The ids of the `limit` nearest chunks, in no order: those that surely are, and those that share the last
        place."""
        if self._rows is None:
            above, equal = best(self._cosines, limit)
        elif self._gathered:
            above, equal = (self._rows[found] for found in best(self._cosines, limit))
        else:
            above, equal = (self._rows[found] for found in best(self._cosines[self._rows], limit))
        return self._table.ids[above].tolist(), self._table.ids[equal].tolist()

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosines of chunks, whether they may be found or not; 0 for those without an embedding."""
        rows = self._table.positions(ids)
        there = rows >= 0
        found = np.zeros(len(ids), dtype=np.float32)
        if self._gathered:
            found[there] = self._table.cosines(self._query, rows[there])
        else:
            found[there] = self._cosines[rows[there]]
        return found


def _ranges(first: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """first[0], first[0]+1, … (length[0] of them), first[1], …"""
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.asarray(starts + np.arange(int(length.sum())), dtype=np.int64)
