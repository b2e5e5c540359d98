"""Who has the right to write to a repository's index, and who waits for it, at one look."""

from collections.abc import Mapping

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.redis_py import Reply


@dataclass(frozen=True, slots=True)
class Queue:
    """The holder of the right, and the places of those who wait."""

    holder: bytes | None
    """the holder's token"""
    left: Reply
    """milliseconds for which that token is kept; an error if this user may not know"""
    places: Mapping[bytes, bytes]
    """when each process came → until when its place counts, in milliseconds"""
    now: float
    """seconds by the server's clock"""
    looked: float
    """the same by this process's clock"""

    def before(self, place: bytes | None) -> int:
        """How many places count and are before our own; without one, we stand at the end."""
        return sum(
            int(until) >= self.now * 1000 and each != place and (place is None or each < place)
            for each, until in self.places.items()
        )

    def gone(self, place: bytes | None) -> list[bytes]:
        """The places that are given up when we get the right: our own, and those that do not count any more."""
        return [each for each, until in self.places.items() if each == place or int(until) < self.now * 1000]

    def has_ended(self, lease: float) -> bool:
        """Whether the token was not renewed for `lease` seconds, so that its holder's right has ended."""
        kept = (self.holder or b"").partition(b" ")[2]
        left = self.left
        return kept.isdigit() and isinstance(left, int) and 0 <= left <= int(kept) - 1000 * lease
