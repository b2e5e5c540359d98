"""Questions to the search index, and its answers taken apart."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wherein.store.redis import alphabet, chunk
from wherein.store.redis.client import Reply

DIALECT = ("DIALECT", 2)
TIMEOUT = ("TIMEOUT", 4_000)
"""Milliseconds. The server's own limit of 500 would end a slow query with a part of the answer, and not say so."""

MOST_ASKED = 1_000_000
"""The server's own limit for the number of results."""

TERMS_SCORED = 48
"""The rarest so many of a longer query's terms are used: a pasted file is no reason to stall."""

POSTINGS_DRIVEN = 4_000
"""A chunk must hold one of the rarest terms: of as many as have this many postings together. The others count in its
score. 50,000 chunks: 15 ms when any term is enough, 3 ms with this bound."""

RARE = 200
"""Postings supposed of a term that is not among the common ones."""

_DISTANCE, _PAYLOAD = b"score", chunk.PAYLOAD.encode()


class Found(NamedTuple):
    """A chunk as the index answers."""

    key: bytes
    """the end of its key: VERSION:ROW"""
    score: float = 0.0
    """its BM25, or its distance"""
    payload: bytes | None = None
    """where it was asked for"""

    @property
    def version(self) -> bytes:
        """Whose chunk it is."""
        return self.key.partition(b":")[0]

    @property
    def row(self) -> int:
        """Which of its version's chunks it is, by line."""
        return int(self.key.rpartition(b":")[2])


def lexical(
    terms: Sequence[str], common: Mapping[str, int], condition: str, asked: int
) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find chunks by terms; empty where there are none.

    `common` holds the postings of the commonest terms.
    """
    safe = dict.fromkeys(map(alphabet.term, terms))
    ordered = sorted(safe, key=lambda each: common.get(each, 0))[:TERMS_SCORED]
    if not ordered:
        return ()
    drivers, postings = 0, 0
    for each in ordered:
        postings += common.get(each, RARE)
        if drivers and postings > POSTINGS_DRIVEN:
            break
        drivers += 1
    parameters: list[object] = []
    for number, each in enumerate(ordered):
        parameters += (f"t{number}", each)
    must = "|".join(f"$t{number}" for number in range(drivers))
    may = "".join(f" ~$t{number}" for number in range(drivers, len(ordered)))
    return (
        *(f"{condition} ({must}){may}".strip(), "SCORER", "BM25STD", "WITHSCORES"),
        *("NOCONTENT", "LIMIT", 0, asked),
        *("PARAMS", len(parameters), *parameters, *DIALECT, *TIMEOUT),
    )


def nearest(vector: bytes, condition: str, asked: int) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find the chunks nearest to a vector."""
    before = f"({condition})" if condition else "*"
    return (
        *(f"{before}=>[KNN {asked} @{chunk.VECTOR} $q AS score]", "SORTBY", "score"),
        *("RETURN", 1, "score", "LIMIT", 0, asked),
        *("PARAMS", 2, "q", vector, *DIALECT, *TIMEOUT),
    )


def distances(vector: bytes, keys: Sequence[bytes]) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that tell how far chunks, by their whole keys, are from a vector: 60 vectors would be
    30 kB to send, 60 distances are 6."""
    count = len(keys)
    return (
        *(f"*=>[KNN {count} @{chunk.VECTOR} $q HYBRID_POLICY ADHOC_BF AS score]", "INKEYS", count, *keys),
        *("SORTBY", "score", "RETURN", 1, "score", "LIMIT", 0, count),
        *("PARAMS", 2, "q", vector, *DIALECT, *TIMEOUT),
    )


def named(names: Sequence[str], condition: str, asked: int, *, payloads: bool = False) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find the chunks with one of these names, as `alphabet.tag` writes them."""
    content = ("RETURN", 1, chunk.PAYLOAD) if payloads else ("NOCONTENT",)
    return (
        *(f"{condition} @{chunk.NAMES}:{{{'|'.join(names)}}}".strip(),),
        *(*content, "LIMIT", 0, asked, *DIALECT, *TIMEOUT),
    )


def scored(reply: Reply, prefix: int) -> list[Found]:
    """What FT.SEARCH found by terms; `prefix` is the length of the beginning that all keys share."""
    return [Found(key[prefix:], float(score)) for key, score in zip(reply[1::2], reply[2::2], strict=True)]


def keys(reply: Reply, prefix: int) -> list[Found]:
    """What FT.SEARCH found where nothing but keys was asked for."""
    return [Found(key[prefix:]) for key in reply[1:]]


def with_fields(reply: Reply, prefix: int) -> list[Found]:
    """What FT.SEARCH found where distances or payloads were asked for."""
    found = []
    for key, fields in zip(reply[1::2], reply[2::2], strict=True):
        if not fields:
            continue  # deleted between search and reading
        if len(fields) == 2 and fields[0] == _DISTANCE:
            found.append(Found(key[prefix:], float(fields[1])))
        else:
            named = dict(zip(fields[::2], fields[1::2], strict=True))
            found.append(Found(key[prefix:], float(named.get(_DISTANCE, 0.0)), named.get(_PAYLOAD)))
    return found
