"""The files of a clone in place of what a view shows, so that a search need not fetch that.

A clone that was just looked at knows every path and blob. If their digest is the one in the view's record, the view's
tree and difference would only repeat them, 22 kB for 810 files; if some folders differ, only those are fetched. How
many chunks a file has is not known this way: the result is good for finding chunks and for paths and blobs, no more.
"""

import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.store.digest import digest_of
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import pairs
from wherein.store.redis.keys import Keys
from wherein.store.redis.trees import parts
from wherein.store.redis.trees.contents import Contents, Shown, to_name, unpack_shown
from wherein.store.redis.views.record import ReadAnew, Record, Seen


class OwnFiles:
    """The files that the reader has on disk."""

    def __init__(self, blobs: Mapping[str, str], digest: str = "") -> None:
        """`blobs`: path → blob, read when they are needed. `digest` is theirs, if it is known already."""
        self.blobs = blobs
        self.known_digest = digest

    @cached_property
    def digest(self) -> str:
        """See `ViewRecord.digest`."""
        return self.known_digest or digest_of(self.blobs)

    @cached_property
    def digests(self) -> str:
        """See `parts.digests`."""
        return parts.digests(self.blobs)


class _Uncounted(Contents):
    """Contents of which only the total number of chunks is known: every file counts as having an equal share, and at
    least one."""

    def __init__(self, blobs: Mapping[str, str], chunks: int, told: Mapping[str, Shown]) -> None:
        each = chunks // max(len(blobs) + len(told), 1) + 1
        super().__init__({path: Shown(blob, each) for path, blob in blobs.items()} | dict(told))
        self.chunks = chunks


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a view shows if the files on disk are right. They are, unless parts are listed in `lacks`: those still have
    to be fetched."""

    seen: Seen
    files: OwnFiles
    lacks: tuple[int, ...] = ()

    def commands(self, keys: Keys, name: bytes) -> list[Command]:
        """The questions whose answers `whole` needs."""
        if not self.lacks:
            return []
        return [
            ("HMGET", keys.tree_parts(self.seen.record.tree), *self.lacks),
            ("HGETALL", keys.difference(name)),
        ]

    def whole(self, answers: Sequence[Any]) -> "Assumed":
        """The same with the parts that it lacked. ReadAnew if they do not fit together."""
        if not self.lacks:
            return self
        read, changes = answers
        told: dict[str, Shown] = {}
        try:
            for raw in read:
                told |= parts.unpacked(raw)
            for path, value in pairs(changes).items():
                name, shown = to_name(path), unpack_shown(value)
                told.pop(name, None)
                if shown is not None and parts.number_of(name) in self.lacks:
                    told[name] = shown
        except (TypeError, ValueError, zlib.error) as error:
            raise ReadAnew("no part of a tree") from error
        gone = set(self.lacks)
        blobs = {
            path: blob
            for number, part in enumerate(parts.split(self.files.blobs))
            if number not in gone
            for path, blob in part.items()
        }
        record = self.seen.record
        if digest_of(blobs | {path: shown.blob for path, shown in told.items()}) != record.digest:
            raise ReadAnew("another view")
        return Assumed(Seen(record, _Uncounted(blobs, record.chunks, told)), self.files)


def assume(record: Record, files: OwnFiles) -> Assumed | None:
    """The view with this record, by these files; None if it had better be fetched."""
    if not record.digest:
        return None
    seen = Seen(record, _Uncounted(files.blobs, record.chunks, {}))
    if files.known_digest == record.digest:
        return Assumed(seen, files)
    if record.parts:
        try:
            lacks = parts.differing(record.parts, files.digests)
        except ValueError:
            return None
        if lacks:
            return Assumed(seen, files, tuple(lacks)) if len(lacks) <= parts.MOST_READ else None
    return Assumed(seen, files) if files.digest == record.digest else None
