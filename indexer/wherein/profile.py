"""A chunk's terms as ranking needs them: packed at indexing, read for every candidate of a query.

Stores score by their own BM25, each in its own way; ours is computed from these profiles, so that every store ranks
alike. A profile is a run of 5-byte records: one of the chunk's lengths, then one a distinct term, holding a hash of
the term and how often it stands in which field.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_RECORD = np.dtype([("hash", "<u4"), ("counts", "u1")])
_MOST_BODY, _MOST_DOC = 15, 3
"""Counts are capped at what fits 4 and 2 bits: BM25's saturation leaves little to tell beyond."""
_SIGNATURE_BIT, _SYMBOL_BIT = 0x40, 0x80

REMEMBERED_HASHES = 200_000
_BYTES = [bytes([n]) for n in range(256)]


def pack_profile(
    *, symbol: Sequence[str], signature: Sequence[str], doc: Sequence[str], body: Sequence[str]
) -> bytes:
    """The profile of a chunk from the terms of its fields."""
    counts: dict[str, int] = Counter(body)
    if counts and max(counts.values()) > _MOST_BODY:
        counts = {term: n if n < _MOST_BODY else _MOST_BODY for term, n in counts.items()}
    for term, n in Counter(doc).items():
        counts[term] = counts.get(term, 0) | min(n, _MOST_DOC) << 4
    for term in signature:
        counts[term] = counts.get(term, 0) | _SIGNATURE_BIT
    for term in symbol:
        counts[term] = counts.get(term, 0) | _SYMBOL_BIT
    lengths = min(len(body), 0xFFFF) | min(len(doc), 0xFFFF) << 16
    records = zip(
        map(_packed_hashes.__getitem__, counts), map(_BYTES.__getitem__, counts.values()), strict=True
    )
    return b"".join((lengths.to_bytes(4, "little"), b"\0", *chain.from_iterable(records)))


class _PackedHashes(dict[str, bytes]):
    """Term → the four bytes of its hash, filled as terms are met."""

    def __missing__(self, term: str) -> bytes:
        if len(self) >= REMEMBERED_HASHES:
            self.clear()
        self[term] = packed = _hash(term).to_bytes(4, "little")
        return packed


_packed_hashes = _PackedHashes()


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each of t terms stands in each of n chunks. Arrays of shape (n, t), lengths of shape (n,)."""

    body: NDArray[np.float32]
    doc: NDArray[np.float32]
    signature: NDArray[np.float32]
    """0 or 1"""
    symbol: NDArray[np.float32]
    """0 or 1"""
    body_length: NDArray[np.float32]
    doc_length: NDArray[np.float32]
    """in terms"""

    def of_terms(self, which: slice) -> "TermCounts":
        """The counts of some of the terms."""
        return TermCounts(
            self.body[:, which],
            self.doc[:, which],
            self.signature[:, which],
            self.symbol[:, which],
            self.body_length,
            self.doc_length,
        )


def count_terms(profiles: Sequence[bytes], terms: Sequence[str]) -> TermCounts:
    """Look up `terms` in the profiles of n chunks, all at once."""
    n = len(profiles)
    sizes = np.fromiter(map(len, profiles), np.int64, n) // _RECORD.itemsize
    ends = np.cumsum(sizes)
    records = np.frombuffer(b"".join(profiles), _RECORD)
    hashes = np.ascontiguousarray(records["hash"])
    counts = records["counts"]
    heads = ends - sizes
    lengths = hashes[heads]
    hashes[heads] = 0  # a length is no term
    found = np.zeros((n, len(terms)), np.uint8)
    for column, term in enumerate(terms):
        at = np.flatnonzero(hashes == _hash(term))
        found[np.searchsorted(ends, at, side="right"), column] = counts[at]
    return TermCounts(
        body=(found & _MOST_BODY).astype(np.float32),
        doc=(found >> 4 & _MOST_DOC).astype(np.float32),
        signature=((found & _SIGNATURE_BIT) != 0).astype(np.float32),
        symbol=((found & _SYMBOL_BIT) != 0).astype(np.float32),
        body_length=(lengths & 0xFFFF).astype(np.float32),
        doc_length=(lengths >> 16).astype(np.float32),
    )


def _hash(term: str) -> int:
    return zlib.crc32(term.encode()) or 1
