"""Reading files in batches that are worth a trip to a worker and a transaction."""

import hashlib
from collections.abc import Callable, Iterator, Mapping

from wherein.git.beneath import Beneath
from wherein.git.source import Source
from wherein.indexing.prepare import Content
from wherein.indexing.tags import split
from wherein.skips import SkipReason

BATCH_BYTES = 500_000
BATCH_FILES = 256
"""A batch ends at either. Larger ones write faster, smaller ones show results earlier and share work better."""

CLOCK_TICK = 2.0
"""Seconds. The coarsest clock of a file system in use."""

SMALL_BATCH_BYTES = 60_000
"""The first batches are small, so that every worker starts at once, and the last ones, so that all end together."""

SHARES = 2
"""A batch has at most the files that remain, divided by so many times those who share the work."""


class Batches:
    """Iterates over batches of the wanted files' contents; tells afterwards which could not be had.

    `looked` is when their ids were asked for, in seconds since the epoch: what was written later is other content.
    `sharing` is how many work on them at once.
    """

    def __init__(self, source: Source, wanted: Mapping[str, str], looked: float, *, sharing: int = 0) -> None:
        self._source = source
        self._shares = SHARES * sharing if sharing > 1 else 0
        self._wanted = wanted
        self._looked = looked
        self.unreadable: dict[str, SkipReason] = {}
        self.moved: set[str] = set()
        """files that were deleted or written to since; the next update takes them"""

    def __iter__(self) -> Iterator[list[Content]]:
        batch: list[Content] = []
        size, limit = 0, SMALL_BATCH_BYTES
        for begun, path in enumerate(self._largest_first()):
            blob = self._wanted[path]
            try:
                data = self._source.read(path)
            except FileNotFoundError:
                self.moved.add(path)
                continue
            except OSError:
                self.unreadable[path] = SkipReason.UNREADABLE
                continue
            if not _is_content(split(blob)[0], data) and self._written_since(path):
                self.moved.add(path)
                continue
            batch.append(Content(path, blob, data))
            size += len(data)
            share = (len(self._wanted) - begun) // self._shares if self._shares else BATCH_FILES
            if (
                size >= limit
                or len(batch) >= BATCH_FILES
                or (size >= SMALL_BATCH_BYTES and len(batch) >= share)
            ):
                yield batch
                batch, size, limit = [], 0, min(limit * 2, BATCH_BYTES)
        if batch:
            yield batch

    def _largest_first(self) -> list[str]:
        """Files that fill half a batch, by size, before the others: begun last, one would be waited for alone."""
        root = self._source.root
        if root is None or not self._shares:
            return list(self._wanted)
        beneath = Beneath(root)
        long = {path: size for path in self._wanted if (size := _size(beneath, path)) > BATCH_BYTES // 2}
        return sorted(self._wanted, key=lambda path: -long.get(path, 0))

    def _written_since(self, path: str) -> bool:
        if self._source.root is None:
            return False
        try:
            status = Beneath(self._source.root).lstat(path)
            # a file that was moved here keeps its mtime, but not its ctime
            return max(status.st_mtime, status.st_ctime) > self._looked - CLOCK_TICK
        except OSError:
            return True


def _size(beneath: Beneath, path: str) -> int:
    try:
        return beneath.lstat(path).st_size
    except OSError:
        return 0


def _is_content(blob: str, data: bytes) -> bool:
    """Whether these bytes are what git calls `blob`, as far as can be told: line ends may have been converted."""
    algorithm: Callable[[bytes], hashlib._Hash] = hashlib.sha256 if len(blob) == 64 else _sha1

    def is_blob(content: bytes) -> bool:
        return algorithm(b"blob %d\0" % len(content) + content).hexdigest() == blob

    return is_blob(data) or is_blob(data.replace(b"\r\n", b"\n"))


def _sha1(data: bytes) -> "hashlib._Hash":
    return hashlib.sha1(data, usedforsecurity=False)
