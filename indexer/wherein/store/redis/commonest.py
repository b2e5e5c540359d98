"""The list of the commonest terms, by which readers know without asking which terms are not worth driving a query."""

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherein.store.redis.right import Right
    from wherein.store.redis.session import Session

FEWEST_CHUNKS = 2_000
"""Below, any query is fast."""

COMMON = 200
"""Chunks that a term of the list must be in."""

MOST_TERMS = 3_000

GROWTH = 1.3
"""The list is made anew when the store holds so many times the chunks it was made of."""

_SCANNED_AT_ONCE = 1_000


def unpacked(common: bytes | None) -> dict[str, int]:
    """Term → chunks that hold it, as the list is stored."""
    words = zlib.decompress(common).decode().split() if common else []
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def is_due(chunks: int, made: int) -> bool:
    """Whether a store of so many chunks has grown out of a list that was made of so many."""
    return not (chunks < FEWEST_CHUNKS or made <= chunks <= made * GROWTH)


def renew(session: "Session", right: "Right") -> None:
    """Make the list anew, by who holds the right to write."""
    client, keys = session.client, session.keys
    chunks = int(client.hget(keys.meta, "chunks") or 0)
    counts = [
        (int(count), term.decode())
        for term, count in client.hscan_iter(keys.frequencies, count=_SCANNED_AT_ONCE)
        if int(count) >= COMMON
    ]
    counts.sort(reverse=True)
    words = " ".join(f"{term} {count}" for count, term in counts[:MOST_TERMS])
    right.commit([("HSET", keys.meta, "common", zlib.compress(words.encode()), "common_made", chunks)])
    session.refresh()
