"""The list of the commonest terms: readers know from it, without asking, which terms should not drive a query."""

import struct
import zlib
from typing import TYPE_CHECKING

from wherein.store.redis.terms import frequencies

if TYPE_CHECKING:
    from wherein.store.redis.locks.right_to_write import Right
    from wherein.store.redis.session import Session

FEWEST_CHUNKS = 2_000
"""Below, any query is fast."""

COMMON = 200
"""Chunks that must hold a term of the list."""

MOST_TERMS = 3_000

GROWTH = 1.3
"""The list is rebuilt once there are this many times as many chunks as it was made of."""

_SCANNED_AT_ONCE = 500


def unpacked(common: bytes | None) -> dict[int, int]:
    """The code of a term (`frequencies.code`) → chunks that hold it, as the list is stored."""
    raw = zlib.decompress(common) if common else b""
    numbers = struct.unpack(f"<{len(raw) // 4}I", raw)
    half = len(numbers) // 2
    return dict(zip(numbers[:half], numbers[half:], strict=True))


def is_due(chunks: int, made: int) -> bool:
    """Whether a store of `chunks` needs another list than one that was `made` of so many."""
    return not (chunks < FEWEST_CHUNKS or made <= chunks <= made * GROWTH)


def renew(session: "Session", right: "Right") -> None:
    """Rebuild the list, by the holder of the right to write."""
    client, keys = session.client, session.keys
    chunks = int(client.hget(keys.meta, "chunks") or 0)
    scanned = dict(client.hscan_iter(keys.frequencies, count=_SCANNED_AT_ONCE))
    counts = [(count, code) for code, count in frequencies.every(scanned) if count >= COMMON]
    counts = sorted(counts, reverse=True)[:MOST_TERMS]
    numbers = struct.pack(f"<{2 * len(counts)}I", *(c for _, c in counts), *(n for n, _ in counts))
    right.commit([("HSET", keys.meta, "common", zlib.compress(numbers), "common_made", chunks)])
    session.refresh()
