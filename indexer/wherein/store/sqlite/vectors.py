"""Embeddings as int8 rows: packing, and an exact scan of all of them in memory."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from wherein.store.protocol import Embeddings

FULL_SCALE = 127
"""The largest component of each row becomes this. With a scale a row, cosines differ from those of the floats
by less than 0.003 (256 dimensions); with the factor 127 for all rows by up to 0.014."""


def pack(embeddings: Embeddings) -> NDArray[np.int8]:
    """Quantise rows of floats, shape (n, dimension). Cosines need no scale, so none is kept."""
    largest = np.abs(embeddings).max(axis=1, keepdims=True, initial=0.0)
    scale = np.divide(FULL_SCALE, largest, out=np.zeros_like(largest), where=largest > 0)
    quantised: NDArray[np.int8] = np.rint(embeddings * scale).astype(np.int8)
    return quantised


def unpack(row: bytes) -> Embeddings:
    """One row as floats of length 1 (or all zero), shape (dimension,)."""
    floats = np.frombuffer(row, dtype=np.int8).astype(np.float32)
    length = float(np.linalg.norm(floats))
    return floats / length if length else floats


class VectorTable:
    """The embeddings of all chunks that a store holds, row for row in order of the chunks' ids.

    One byte a dimension: 26 MB for 100,000 chunks of 256 dimensions.
    """

    def __init__(self, dimension: int) -> None:
        self.ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._rows: NDArray[np.int8] = np.empty((0, dimension), dtype=np.int8)
        self._last_version = 0

    def top_up(self, db: sqlite3.Connection) -> None:
        """Read what was stored since the last call. Deletions are not noticed: those need a new table."""
        found = db.execute(
            "SELECT version, first_chunk, chunks, data FROM vectors WHERE version > ? ORDER BY version",
            (self._last_version,),
        ).fetchall()
        if not found:
            return
        _, first, chunks, data = zip(*found, strict=True)
        rows = np.frombuffer(b"".join(data), dtype=np.int8).reshape(-1, self._rows.shape[1])
        self._rows = np.concatenate([self._rows, rows]) if len(self._rows) else rows
        self.ids = np.concatenate([self.ids, _ranges(np.array(first), np.array(chunks))])
        self._last_version = found[-1][0]

    def cosines(self, query: Embeddings) -> NDArray[np.float32]:
        """The cosine of each row with the query; 0 for rows without a direction."""
        if not len(self.ids):
            return np.empty(0, dtype=np.float32)
        import simsimd

        distances = simsimd.cdist(pack(query[np.newaxis, :]), self._rows, "cosine")
        cosines: NDArray[np.float32] = 1.0 - np.asarray(distances, dtype=np.float32)[0]
        return cosines

    def positions(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of chunks; -1 for chunks without an embedding."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[places] == ids, places, -1)


def best(scores: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """Positions of the `limit` greatest scores, in no order."""
    if len(scores) <= limit:
        return np.arange(len(scores))
    return np.argpartition(scores, len(scores) - limit)[len(scores) - limit :]


def _ranges(first: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """first[0], first[0]+1, … (length[0] of them), first[1], …"""
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.asarray(starts + np.arange(int(length.sum())), dtype=np.int64)
