"""Reads files in batches that are worth a trip to a worker and a transaction."""

from collections.abc import Iterator, Mapping, MutableMapping

from wherein.git.beneath import Beneath
from wherein.git.blob import content_of
from wherein.git.source import Source
from wherein.indexing.prepare import Content
from wherein.indexing.shared_work import SharedWork
from wherein.indexing.tags import split

BATCH_BYTES = 500_000
BATCH_FILES = 256
"""A batch ends at either. Larger ones write faster, smaller ones show results earlier and share work better."""

SMALL_BATCH_BYTES = 60_000
"""The first batches are small, so that every worker starts at once, and the last ones, so that all end together."""

SHARED_BATCH_BYTES = 100_000
"""The most where others may be at the same work: what is begun is done twice. 3 % more processor time for one alone."""

SHARES = 2
"""A batch has at most the files that remain, divided by so many times those who share the work."""


class Batches:
    """Iterates over batches of the wanted files' contents; tells afterwards which could not be had.

    Each content is hashed: what is not what its id stands for is not stored under it, whoever gave the id.
    `sharing` is how many work on them at once. What others have stored already, by `shared`, is left out. What is
    `at_hand` of their bytes is taken out of it, and not read again.
    """

    def __init__(
        self,
        source: Source,
        wanted: Mapping[str, str],
        *,
        sharing: int = 0,
        shared: SharedWork | None = None,
        at_hand: MutableMapping[str, bytes] | None = None,
    ) -> None:
        self._source = source
        self._at_hand = {} if at_hand is None else at_hand
        self._shares = SHARES * sharing if sharing > 1 else 0
        self._wanted = wanted
        self._shared = shared
        self.unreadable: set[str] = set()
        """files that the next listing leaves out, unless they can be read again"""
        self.moved: set[str] = set()
        """files that were deleted or written to since they were listed; the next update takes them"""

    def __iter__(self) -> Iterator[list[Content]]:
        batch: list[Content] = []
        size, limit = 0, SMALL_BATCH_BYTES
        order = self._largest_first()
        for begun, path in enumerate(order):
            if self._shared is not None:
                self._shared.look(order, begun, self._wanted)
                if path in self._shared.found:
                    continue
            key = self._wanted[path]
            try:
                read = self._at_hand.pop(path, None)
                data = content_of(split(key).blob, self._source.read(path) if read is None else read)
            except FileNotFoundError:
                self.moved.add(path)
                continue
            except OSError:
                self.unreadable.add(path)
                continue
            if data is None:
                self.moved.add(path)
                continue
            batch.append(Content(path, key, data))
            size += len(data)
            share = (len(self._wanted) - begun) // self._shares if self._shares else BATCH_FILES
            if (
                size >= limit
                or len(batch) >= BATCH_FILES
                or (size >= SMALL_BATCH_BYTES and len(batch) >= share)
            ):
                yield batch
                batch, size = [], 0
                limit = min(limit * 2, BATCH_BYTES if self._shared is None else SHARED_BATCH_BYTES)
        if batch:
            yield batch

    def _largest_first(self) -> list[str]:
        """Files that fill half a batch, by size, before the others: begun last, one would be waited for alone."""
        root = self._source.root
        wanted = list(self._wanted) if self._shared is None else self._shared.order(list(self._wanted))
        if root is None or not self._shares:
            return wanted
        beneath = Beneath(root)
        long = {path: size for path in wanted if (size := _size(beneath, path)) > BATCH_BYTES // 2}
        return sorted(wanted, key=lambda path: -long.get(path, 0))


def _size(beneath: Beneath, path: str) -> int:
    try:
        return beneath.lstat(path).st_size
    except OSError:
        return 0
