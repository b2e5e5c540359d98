"""How many chunks hold each term, packed: a field of the hash holds all terms whose codes end alike.

One field for each term would take the server 70 bytes a term; this takes about 15, and a term can still be read and
changed without most of the others.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wherein.store.redis.keys import MARK
from wherein.store.redis.terms import alphabet

FIELDS = 4_096
"""15,000 chunks of Python have six terms to a field, 29 bytes."""

_RECORD = 5
"""Bytes: the rest of the term's code, 20 bits, and how many chunks, as many."""

_REST = 20
_MOST = (1 << _REST) - 1


def code(kept: str) -> int:
    """Of 32 bits, of a term as the server keeps it (`alphabet.term`). Two of 25,000 terms have one in common in one
    repository of fourteen: they are counted together."""
    return zlib.crc32(kept.encode())


def fields(kept: Iterable[str]) -> list[str]:
    """The fields of some terms, as the server keeps them; each field once."""
    return list(dict.fromkeys(map(_field, kept)))


def asked(terms: Iterable[str]) -> list[str]:
    """The fields of some terms of our tokenizer, and MARK: what `told` needs."""
    return [*fields(map(alphabet.term, terms)), MARK]


def told(terms: Sequence[str], values: Sequence[bytes | None]) -> tuple[dict[str, int], bytes | None]:
    """Term → how many chunks hold it, and the mark, by the values of `asked`."""
    known = dict(zip(asked(terms), values, strict=True))
    unpacked = {name: _unpacked(value) for name, value in known.items() if name != MARK}
    found = {}
    for term in terms:
        kept = alphabet.term(term)
        found[term] = unpacked[_field(kept)].get(code(kept) // FIELDS, 0)
    return found, known[MARK]


def changed(values: Mapping[str, bytes | None], more: Mapping[str, int]) -> dict[str, bytes]:
    """The new values of the fields of terms, as the server keeps them, after so many more chunks hold them (or fewer).
    A term that no chunk holds is left out; a field without terms is empty."""
    known = {name: _unpacked(value) for name, value in values.items()}
    for term, count in more.items():
        held, rest = known[_field(term)], code(term) // FIELDS
        held[rest] = min(max(held.get(rest, 0) + count, 0), _MOST)
    return {name: _packed(known[name]) for name in fields(more)}


def packed(all_counts: Mapping[str, int]) -> dict[str, bytes]:
    """The fields of these terms and no others."""
    return changed(dict.fromkeys(fields(all_counts)), all_counts)


def every(values: Mapping[bytes, bytes]) -> Iterator[tuple[int, int]]:
    """Code and count of each term of some fields."""
    for name, value in values.items():
        if name and value:
            for rest, count in _unpacked(value).items():
                yield rest * FIELDS + int(name, 16), count


def _field(kept: str) -> str:
    return f"{code(kept) % FIELDS:x}"


def _unpacked(value: bytes | None) -> dict[int, int]:
    found = {}
    for at in range(0, len(value or b""), _RECORD):
        number = int.from_bytes((value or b"")[at : at + _RECORD], "little")
        found[number & _MOST] = number >> _REST
    return found


def _packed(known: Mapping[int, int]) -> bytes:
    return b"".join(
        (count << _REST | rest).to_bytes(_RECORD, "little") for rest, count in known.items() if count
    )
