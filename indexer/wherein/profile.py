"""A chunk's terms as ranking needs them: packed at indexing, read for every candidate of a query.

Stores score by their own BM25, each in its own way. Our score is computed from these profiles, so every store ranks
alike. A profile is a run of 5-byte records: one with the chunk's lengths, then one for each distinct term, with a hash
of the term and how often it occurs in which field; terms with equal counts are next to each other. Records without
counts, which no term has, may stand in between: the places of the chunk's names (places.py).
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.quick_dataclass import dataclass

_RECORD = np.dtype([("hash", "<u4"), ("counts", "u1")])
_HASH_MASK = 0xFFFFFF
"""24 bits: one query in thirty mistakes one of a candidate's terms for another, unless no chunk holds that (`forget`).
The fourth byte may be left out."""
_MOST_BODY, _MOST_DOC = 15, 3
"""Counts are capped at what fits 4 and 2 bits: beyond that, BM25's saturation leaves little to tell."""
_SIGNATURE_BIT, _SYMBOL_BIT = 0x40, 0x80
_OF_FIELDS = np.array([_MOST_BODY, _MOST_DOC << 4, _SIGNATURE_BIT, _SYMBOL_BIT], np.uint8)

FIELDS = ("body", "doc", "signature", "symbol")
"""In the order in which their terms are packed."""
_ONCE = np.array([1, 1 << 32, 0, 0], np.int64)
"""One occurrence in each field."""
_FLAGS = np.array([0, 0, _SIGNATURE_BIT, _SYMBOL_BIT], np.int64)


def pack_profiles(
    terms: NDArray[np.intc],
    sizes: NDArray[np.intp],
    hashes: NDArray[np.uint32],
    numbers: Sequence[Sequence[int]],
) -> list[bytes]:
    """The profiles of n chunks; `numbers` of 32 bits are kept with each.

    `terms` are those of all fields of the first chunk, then of the next; `sizes`, of shape (n, 4), says how many each
    field has, in the order of FIELDS. A term is a number; its hash is at that place in `hashes`.
    """
    n = len(sizes)
    fields = np.repeat(np.tile(np.arange(len(FIELDS), dtype=np.int8), n), sizes.ravel())
    of_chunk = sizes.sum(axis=1)
    begins = np.cumsum(of_chunk) - of_chunk
    keys = np.repeat(np.arange(n) << 32, of_chunk) | terms
    order = np.argsort(keys)
    keys, fields = keys[order], fields[order]
    is_first = np.empty(len(keys), np.bool_)
    is_first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    counts = np.add.reduceat(_ONCE[fields], firsts)
    packed = np.minimum(counts & 0xFFFF_FFFF, _MOST_BODY) | np.minimum(counts >> 32, _MOST_DOC) << 4
    packed |= np.bitwise_or.reduceat(_FLAGS[fields], firsts)
    # Those that count alike stand together, in the order in which they come in the chunk.
    chunks = keys[firsts] >> 32
    places = np.minimum.reduceat(order, firsts) - begins[chunks]
    alike = np.sort((chunks << 8 | packed).astype(np.uint64) << np.uint64(32) | places.astype(np.uint64))
    chunks = (alike >> np.uint64(40)).astype(np.intp)
    distinct = np.bincount(chunks, minlength=n) + 1  # its lengths, too
    stops = np.cumsum(distinct)
    records = np.empty(len(alike) + n, _RECORD)
    at = np.arange(len(alike)) + chunks + 1
    records["hash"][at] = hashes[terms[(alike & np.uint64(0xFFFF_FFFF)).astype(np.intp) + begins[chunks]]]
    records["counts"][at] = (alike >> np.uint64(32)).astype(np.uint8)
    both = np.minimum(sizes[:, :2], 0xFFFF)
    records["hash"][stops - distinct] = both[:, 0] | both[:, 1] << 16
    records["counts"][stops - distinct] = 0
    return _divided(records.tobytes(), (stops * _RECORD.itemsize).tolist(), numbers)


def _divided(records: bytes, stops: list[int], numbers: Sequence[Sequence[int]]) -> list[bytes]:
    """Each chunk's records, with its numbers after its lengths."""
    profiles = []
    start = 0
    for stop, kept in zip(stops, numbers, strict=True):
        if kept:
            head = start + _RECORD.itemsize
            extra = b"".join(number.to_bytes(4, "little") + b"\0" for number in kept)
            profiles.append(records[start:head] + extra + records[head:stop])
        else:
            profiles.append(records[start:stop])
        start = stop
    return profiles


def lengths(profile: bytes) -> tuple[int, int]:
    """How many terms a chunk's body and its doc comment have."""
    both = int.from_bytes(profile[:4], "little")
    return both & 0xFFFF, both >> 16


def has_doc(profile: bytes) -> bool:
    """Whether a chunk has a doc comment with any word."""
    return lengths(profile)[1] > 0


def kept_numbers(profile: bytes) -> list[int]:
    """The `numbers` that were packed."""
    found = []
    for at in range(_RECORD.itemsize, len(profile), _RECORD.itemsize):
        if profile[at + 4]:
            break
        found.append(int.from_bytes(profile[at : at + 4], "little"))
    return found


def term_hashes(profile: bytes) -> list[int]:
    """The hashes of a chunk's distinct terms."""
    records = np.frombuffer(profile, _RECORD)
    found: list[int] = records["hash"][records["counts"] > 0].tolist()
    return found


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each of t terms occurs in each of n chunks."""

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
    """Which of t terms occur in which of n chunks, by their profiles."""

    packed: NDArray[np.uint8]
    """shape (n, t): how often and in which fields; 0 if not at all"""
    body_length: NDArray[np.float32]
    doc_length: NDArray[np.float32]
    signatures: NDArray[np.uint32]
    """shape (n,): equal if the signatures have the same terms"""

    def forget(self, absent: Sequence[int]) -> None:
        """Leave out terms that no chunk holds: what was taken for one of them only has its hash."""
        self.packed[:, absent] = 0

    def counts(self, which: slice = slice(None)) -> TermCounts:
        """The counts of all terms, or of some, as numbers."""
        packed = self.packed[:, which]
        counts = np.empty((4, *packed.shape), np.float32)
        counts[0] = packed & _MOST_BODY
        counts[1] = packed >> 4 & _MOST_DOC
        counts[2] = (packed & _SIGNATURE_BIT) != 0
        counts[3] = (packed & _SYMBOL_BIT) != 0
        return TermCounts(counts, self.body_length, self.doc_length)

    def in_symbol(self, which: slice) -> NDArray[np.float32]:
        """Shape (n,): 1 if the symbol holds any of some terms."""
        held: NDArray[np.float32] = (
            ((self.packed[:, which] & _SYMBOL_BIT) != 0).any(axis=1).astype(np.float32)
        )
        return held

    def places(self, which: slice) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Where some of the terms occur: fields (as in `TermCounts.counts`), chunks, terms; all of one length. Few of
        many terms occur in a chunk."""
        packed = self.packed[:, which]
        chunks, terms = np.nonzero(packed)
        fields, at = np.nonzero(packed[chunks, terms] & _OF_FIELDS[:, np.newaxis])
        return fields, chunks[at], terms[at]


def find_terms(profiles: Sequence[bytes], terms: Sequence[str]) -> Found:
    """Look up `terms` in the profiles of n chunks, all at once."""
    n = len(profiles)
    sizes = np.fromiter(map(len, profiles), np.intp, n) // _RECORD.itemsize
    ends = np.cumsum(sizes)
    records = np.frombuffer(b"".join(profiles), _RECORD)
    hashes = records["hash"].copy()  # of one record it would be a view of what cannot be written
    heads = ends - sizes
    both = hashes[heads]
    hashes[heads] = 0  # a length is no term
    signatures = np.add.reduceat(hashes * ((records["counts"] & _SIGNATURE_BIT) != 0), heads)
    at, columns = _occurrences(hashes, np.array(list(map(term_hash, terms)), np.uint32))
    packed = np.zeros((n, len(terms)), np.uint8)
    packed[np.searchsorted(ends, at, side="right"), columns] = records["counts"][at]
    body, doc = (both & 0xFFFF).astype(np.float32), (both >> 16).astype(np.float32)
    return Found(packed, body, doc, signatures)


def _occurrences(
    hashes: NDArray[np.uint32], wanted: NDArray[np.uint32]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where any of the wanted hashes occurs, and which of them. One pass by 16 bits of them leaves little to compare; a
    pass for each of 40 terms and synonyms took three times as long."""
    sieve = np.zeros(1 << 16, np.bool_)
    sieve[wanted & 0xFFFF] = True
    at = np.flatnonzero(sieve[hashes.astype(np.uint16)])
    left = hashes[at]
    rows, columns = np.nonzero(left[:, np.newaxis] == wanted)
    return at[rows], columns


def term_hash(term: str) -> int:
    """The number that stands for a term."""
    return zlib.crc32(term.encode()) & _HASH_MASK or 1
