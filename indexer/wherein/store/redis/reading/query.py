"""Queries for the search index (FT.SEARCH), and its answers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wherein.quick_dataclass import dataclass
from wherein.store.redis.chunks import chunk
from wherein.store.redis.connection.redis_py import Reply
from wherein.store.redis.terms import alphabet, frequencies

DIALECT = ("DIALECT", 2)
TIMEOUT = ("TIMEOUT", 4_000)
"""Milliseconds. The server's own limit of 500 would end a slow query with a part of the answer, and not say so."""

MOST_ASKED = 1_000_000
"""The server's own limit for the number of results."""

TERMS_SCORED = 48
"""The rarest so many of a longer query's terms are used: a pasted file is no reason to stall."""

POSTINGS_DRIVEN = 4_000
"""A chunk must hold one of the rarest terms, of as many as have this many postings together; the other terms only count
in its score. With 50,000 chunks: 15 ms if any term is enough, 3 ms with this bound."""

RARE = 200
"""Postings supposed of a term that is not among the common ones."""

DISTANCE = "z"
"""The name of a distance; short, since it comes with each answer."""

_DISTANCE, _PAYLOAD = DISTANCE.encode(), chunk.PAYLOAD.encode()
_PAYLOADS, _NEAR = [_PAYLOAD], [_DISTANCE, _PAYLOAD]


class Found(NamedTuple):
    """A chunk as the index answers."""

    key: bytes
    """the end of its key: VERSION:ROW"""
    score: float = 0.0
    """its BM25, where that was asked for"""
    distance: float | None = None
    """the same, from a vector"""
    payload: bytes | None = None
    """where it was asked for"""

    @property
    def version(self) -> bytes:
        """The file version that it belongs to."""
        return self.key.partition(b":")[0]

    @property
    def row(self) -> int:
        """Which of its version's chunks it is, by line."""
        return int(self.key.rpartition(b":")[2])


@dataclass(frozen=True, slots=True)
class Near:
    """Asks how far each chunk that is found is from a vector."""

    vector: bytes
    most: int
    """chunks that there may be"""


def lexical(
    terms: Sequence[str], common: Mapping[int, int], condition: str, asked: int, near: Near | None = None
) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find chunks by terms; empty if there are none. With `near`, of those that have
    a vector, which costs the server 3 ms (50,000 chunks), and saves a round trip.

    `common` holds the postings of the commonest terms, by their codes.
    """
    kept = dict.fromkeys(map(alphabet.term, terms))
    postings_of = {each: common.get(frequencies.code(each), 0) for each in kept}
    ordered = sorted(postings_of, key=postings_of.__getitem__)[:TERMS_SCORED]
    if not ordered:
        return ()
    drivers, postings = 0, 0
    for each in ordered:
        postings += postings_of[each] or RARE
        if drivers and postings > POSTINGS_DRIVEN:
            break
        drivers += 1
    parameters: list[object] = []
    for number, each in enumerate(ordered):
        parameters += (f"t{number}", each)
    must = "|".join(f"$t{number}" for number in range(drivers))
    may = "".join(f" ~$t{number}" for number in range(drivers, len(ordered)))
    asks, returned, more = _along(f"{condition} ({must}){may}".strip(), near)
    parameters += more
    return (
        *(asks, "SCORER", "BM25STD", "WITHSCORES", *returned, "LIMIT", 0, asked),
        *("PARAMS", len(parameters), *parameters, *DIALECT, *TIMEOUT),
    )


def _along(condition: str, near: Near | None) -> tuple[str, Sequence[object], Sequence[object]]:
    """A condition, what is returned, and parameters. If no order is asked for, the server orders by the score of the
    condition, with vectors as well."""
    if near is None:
        return condition, ("RETURN", 1, chunk.PAYLOAD), ()
    measured = f"({condition})=>[KNN {near.most} @{chunk.VECTOR} $q HYBRID_POLICY ADHOC_BF AS {DISTANCE}]"
    return measured, ("RETURN", 2, DISTANCE, chunk.PAYLOAD), ("q", near.vector)


def undirected(condition: str) -> str:
    """A condition that only chunks without a vector fulfil."""
    return f"{condition} @{chunk.LANGUAGE}:{{{chunk.UNDIRECTED}}}".strip()


def nearest(vector: bytes, condition: str, asked: int) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find the chunks nearest to a vector."""
    before = f"({condition})" if condition else "*"
    return (
        *(f"{before}=>[KNN {asked} @{chunk.VECTOR} $q AS {DISTANCE}]", "SORTBY", DISTANCE),
        *("RETURN", 2, DISTANCE, chunk.PAYLOAD, "LIMIT", 0, asked),
        *("PARAMS", 2, "q", vector, *DIALECT, *TIMEOUT),
    )


def distances(vector: bytes, keys: Sequence[bytes]) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that tell how far chunks, by their whole keys, are from a vector: 60 vectors would be
    30 kB to send, 60 distances are 6."""
    count = len(keys)
    return (
        *(
            f"*=>[KNN {count} @{chunk.VECTOR} $q HYBRID_POLICY ADHOC_BF AS {DISTANCE}]",
            "INKEYS",
            count,
            *keys,
        ),
        *("SORTBY", DISTANCE, "RETURN", 1, DISTANCE, "LIMIT", 0, count),
        *("PARAMS", 2, "q", vector, *DIALECT, *TIMEOUT),
    )


def named(names: Sequence[str], condition: str, asked: int, near: Near | None = None) -> tuple[object, ...]:
    """The arguments of FT.SEARCH that find the chunks with one of these names, as `alphabet.name` writes them; with
    `near` as `lexical`."""
    asks, returned, parameters = _along(f"{condition} @{chunk.NAMES}:{{{'|'.join(names)}}}".strip(), near)
    given = ("PARAMS", len(parameters), *parameters) if parameters else ()
    return (asks, *returned, "LIMIT", 0, asked, *given, *DIALECT, *TIMEOUT)


def answers(reply: Reply, prefix: int, *, scored: bool = False) -> list[Found]:
    """What FT.SEARCH found; `prefix` is the length of the beginning that all keys share."""
    found = []
    step = 3 if scored else 2
    for at in range(1, len(reply) - step + 1, step):
        fields = reply[at + step - 1]
        if not fields:
            continue  # deleted between search and reading
        score = float(reply[at + 1]) if scored else 0.0
        distance: float | bytes | None = None
        names = fields[::2]
        if names == _PAYLOADS:  # as asked for; the rest is in case of a server that answers in another order
            payload = fields[1]
        elif names == _NEAR:
            distance, payload = fields[1], fields[3]
        else:
            named = dict(zip(names, fields[1::2], strict=True))
            payload, distance = named.get(_PAYLOAD), named.get(_DISTANCE)
        near = None if distance is None else float(distance)
        found.append(Found(reply[at][prefix:], score, near, payload))
    return found
