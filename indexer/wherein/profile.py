"""A chunk's terms as ranking needs them: packed at indexing, read for every candidate of a query.

Stores score by their own BM25, each in its own way; ours is computed from these profiles, so that every store ranks
alike. A profile is a run of 5-byte records: one of the chunk's lengths, then one a distinct term, holding a hash of
the term and how often it stands in which field; those that count alike stand together. Between them may stand records
without counts, which no term has: the places of the chunk's names (places.py).
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from wherein.remembered import Remembered

_RECORD = np.dtype([("hash", "<u4"), ("counts", "u1")])
_HASH_MASK = 0xFFFFFF
"""24 bits: one query in thirty takes a term of one of its candidates for another. The fourth byte may be left out."""
_MOST_BODY, _MOST_DOC = 15, 3
"""Counts are capped at what fits 4 and 2 bits: BM25's saturation leaves little to tell beyond."""
_SIGNATURE_BIT, _SYMBOL_BIT = 0x40, 0x80
_FIELDS = np.array([_MOST_BODY, _MOST_DOC << 4, _SIGNATURE_BIT, _SYMBOL_BIT], np.uint8)

REMEMBERED_HASHES = 200_000
_BYTES = [bytes([n]) for n in range(256)]


def pack_profile(
    *,
    symbol: Sequence[str],
    signature: Sequence[str],
    doc: Sequence[str],
    body: Sequence[str],
    numbers: Sequence[int] = (),
) -> bytes:
    """The profile of a chunk from the terms of its fields; `numbers` of 32 bits are kept with them."""
    counts: dict[str, int] = Counter(body)
    if counts and max(counts.values()) > _MOST_BODY:
        counts = {term: n if n < _MOST_BODY else _MOST_BODY for term, n in counts.items()}
    for term, n in Counter(doc).items() if doc else ():
        counts[term] = counts.get(term, 0) | (n if n < _MOST_DOC else _MOST_DOC) << 4
    for term in signature:
        counts[term] = counts.get(term, 0) | _SIGNATURE_BIT
    for term in symbol:
        counts[term] = counts.get(term, 0) | _SYMBOL_BIT
    lengths = min(len(body), 0xFFFF) | min(len(doc), 0xFFFF) << 16
    alike = sorted(counts, key=counts.__getitem__)
    records = zip(
        map(_packed_hashes.__getitem__, alike),
        map(_BYTES.__getitem__, map(counts.__getitem__, alike)),
        strict=True,
    )
    kept = [number.to_bytes(4, "little") + b"\0" for number in (lengths, *numbers)]
    return b"".join((*kept, *chain.from_iterable(records)))


def kept_numbers(profile: bytes) -> list[int]:
    """The `numbers` that were packed."""
    found = []
    for at in range(_RECORD.itemsize, len(profile), _RECORD.itemsize):
        if profile[at + 4]:
            break
        found.append(int.from_bytes(profile[at : at + 4], "little"))
    return found


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each of t terms stands in each of n chunks."""

    counts: NDArray[np.float32]
    """shape (4, n, t): in body and doc, and 0 or 1 for signature and symbol"""
    body_length: NDArray[np.float32]
    doc_length: NDArray[np.float32]
    """shape (n,), in terms"""

    @property
    def body(self) -> NDArray[np.float32]:
        """Shape (n, t)."""
        found: NDArray[np.float32] = self.counts[0]
        return found

    @property
    def doc(self) -> NDArray[np.float32]:
        """Shape (n, t)."""
        found: NDArray[np.float32] = self.counts[1]
        return found

    @property
    def signature(self) -> NDArray[np.float32]:
        """Shape (n, t): 0 or 1."""
        found: NDArray[np.float32] = self.counts[2]
        return found

    @property
    def symbol(self) -> NDArray[np.float32]:
        """Shape (n, t): 0 or 1."""
        found: NDArray[np.float32] = self.counts[3]
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """Which of t terms stand in which of n chunks, as the profiles tell it."""

    packed: NDArray[np.uint8]
    """shape (n, t): how often, and in which fields; 0 for not at all"""
    body_length: NDArray[np.float32]
    doc_length: NDArray[np.float32]
    signatures: NDArray[np.uint32]
    """shape (n,): equal where the signatures have the same terms"""

    def counts(self, which: slice = slice(None)) -> TermCounts:
        """Of all terms, or of some, as numbers."""
        packed = self.packed[:, which]
        counts = np.empty((4, *packed.shape), np.float32)
        counts[0] = packed & _MOST_BODY
        counts[1] = packed >> 4 & _MOST_DOC
        counts[2] = (packed & _SIGNATURE_BIT) != 0
        counts[3] = (packed & _SYMBOL_BIT) != 0
        return TermCounts(counts, self.body_length, self.doc_length)

    def in_symbol(self, which: slice) -> NDArray[np.float32]:
        """Shape (n,): 1 where the symbol holds any of some terms."""
        held: NDArray[np.float32] = (
            ((self.packed[:, which] & _SYMBOL_BIT) != 0).any(axis=1).astype(np.float32)
        )
        return held

    def places(self, which: slice) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Where some of the terms stand: fields (as in `TermCounts.counts`), chunks, terms; of one length. Few of many
        terms stand in a chunk."""
        packed = self.packed[:, which]
        chunks, terms = np.nonzero(packed)
        fields, at = np.nonzero(packed[chunks, terms] & _FIELDS[:, np.newaxis])
        return fields, chunks[at], terms[at]


def find_terms(profiles: Sequence[bytes], terms: Sequence[str]) -> Found:
    """Look up `terms` in the profiles of n chunks, all at once."""
    n = len(profiles)
    sizes = np.fromiter(map(len, profiles), np.intp, n) // _RECORD.itemsize
    ends = np.cumsum(sizes)
    records = np.frombuffer(b"".join(profiles), _RECORD)
    hashes = records["hash"].copy()  # of one record it would be a view of what cannot be written
    heads = ends - sizes
    lengths = hashes[heads]
    hashes[heads] = 0  # a length is no term
    signatures = np.add.reduceat(hashes * ((records["counts"] & _SIGNATURE_BIT) != 0), heads)
    at, columns = _occurrences(hashes, np.array(list(map(_hash, terms)), np.uint32))
    packed = np.zeros((n, len(terms)), np.uint8)
    packed[np.searchsorted(ends, at, side="right"), columns] = records["counts"][at]
    body, doc = (lengths & 0xFFFF).astype(np.float32), (lengths >> 16).astype(np.float32)
    return Found(packed, body, doc, signatures)


def _occurrences(
    hashes: NDArray[np.uint32], wanted: NDArray[np.uint32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where any of the wanted hashes stands, and which of them. One pass by 16 bits of them leaves little to compare: a
    pass for each of 40 terms and synonyms took three times as long."""
    sieve = np.zeros(1 << 16, np.bool_)
    sieve[wanted & 0xFFFF] = True
    at = np.flatnonzero(sieve[hashes.astype(np.uint16)])
    left = hashes[at]
    rows, columns = np.nonzero(left[:, np.newaxis] == wanted)
    return at[rows], columns


def _hash(term: str) -> int:
    return zlib.crc32(term.encode()) & _HASH_MASK or 1


def _packed_hash(term: str) -> bytes:
    return _hash(term).to_bytes(4, "little")


_packed_hashes: Remembered[str, bytes] = Remembered(_packed_hash, REMEMBERED_HASHES)
