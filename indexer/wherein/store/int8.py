"""Vectors as rows of int8: packed, multiplied, the best of them found. What both stores do with vectors in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.store.protocol import Embeddings

FULL_SCALE = 127
"""The largest component of each row becomes this. With a scale a row, cosines differ from those of the floats
by less than 0.003 (256 dimensions); with the factor 127 for all rows by up to 0.014."""

BLOCK = 256
"""Scores that are looked at together for the best of all: 0.6 ms of a million; argpartition alone takes 1.5."""


def pack(embeddings: Embeddings) -> NDArray[np.int8]:
    """Quantise rows of floats, shape (n, dimension). Cosines need no scale, so none is kept."""
    largest = np.abs(embeddings).max(axis=1, keepdims=True, initial=0.0)
    scale = np.divide(FULL_SCALE, largest, out=np.zeros_like(largest), where=largest > 0)
    quantised: NDArray[np.int8] = np.rint(embeddings * scale).astype(np.int8)
    return quantised


def rows_of(
    some: "Sequence[NDArray[np.float32] | NDArray[np.int8]]", dimension: int, model: str
) -> NDArray[np.int8]:
    """Rows to be stored, shape (n, dimension): vectors are quantised, what is of bytes already stays so."""
    rows = np.asarray(some)
    if rows.shape[1:] != (dimension,):
        raise ValueError(f"rows of shape {rows.shape} of {model}, whose dimension is {dimension}")
    if rows.dtype == np.int8:
        return rows.astype(np.int8, copy=False)
    return pack(rows.astype(np.float32, copy=False))


def best(scores: NDArray[np.float32], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the greatest scores: all that are above the limit-th, and all that equal it."""
    if len(scores) <= limit:
        return np.arange(len(scores)), np.empty(0, dtype=np.int64)
    among = None
    blocks = len(scores) // BLOCK
    if blocks > limit:
        # The limit-th greatest of the blocks' maxima is a score that at least `limit` reach, and few more do.
        highest = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
        bound = np.partition(highest, blocks - limit)[blocks - limit]
        among = np.flatnonzero(scores >= bound)
        scores = scores[among]
    last = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    above, equal = np.flatnonzero(scores > last), np.flatnonzero(scores == last)
    return (above, equal) if among is None else (among[above], among[equal])


def cosines(query: Embeddings, embeddings: Embeddings) -> NDArray[np.float32]:
    """The cosines of a query, shape (dimension,), with rows of floats, as a store that keeps int8 tells them."""
    return cosines_with(query, pack(embeddings))


def cosines_with(query: Embeddings, rows: NDArray[np.int8]) -> NDArray[np.float32]:
    """The cosines of a query, shape (dimension,), with rows as a store keeps them."""
    packed = pack(query[np.newaxis, :])
    found: NDArray[np.float32] = products(packed, rows) * (scales_of(rows) * scales_of(packed))
    return found


def products(query: NDArray[np.int8], rows: NDArray[np.int8]) -> NDArray[np.float32]:
    """The dot product of a query of shape (1, dimension) with each row: half the time of the cosine by itself."""
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    import simsimd

    found: NDArray[np.float32] = np.asarray(simsimd.cdist(query, rows, "dot", out_dtype="float32"))[0]
    return found


def scales_of(rows: NDArray[np.int8]) -> NDArray[np.float32]:
    """1 / length of each row; 0 if it has none."""
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    import simsimd

    origin = np.zeros((1, rows.shape[1]), dtype=np.int8)
    squares = np.asarray(simsimd.cdist(origin, rows, "sqeuclidean", out_dtype="float32"))[0]
    lengths = np.sqrt(squares)
    scales: NDArray[np.float32] = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return scales
