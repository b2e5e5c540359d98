"""What a view shows, as far as somebody on this machine knows it already, so that a search need not fetch that.

A clone that was just looked at knows every path and blob. Where their digest is that of the view's record, its tree
and difference would say the same again, 22 kB for 810 files; where they are others in some folders, what those show is
all that is fetched. What is said besides is not known here, how many chunks a file has, so that these contents do for
finding chunks, and for what is shown under which path, and for nothing else.
"""

import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.store.digest import digest_of
from wherein.store.redis.connection.answers import pairs
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.keys import Keys
from wherein.store.redis.trees import parts
from wherein.store.redis.trees.contents import Contents, Shown, to_name, unpack_shown
from wherein.store.redis.views.record import ReadAnew, Record, Seen


class OwnFiles:
    """The files that who asks has himself."""

    def __init__(self, blobs: Mapping[str, str], digest: str = "") -> None:
        """`blobs`: path → blob, read when they are needed. With `digest` it is known that they have that one."""
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
    """The contents of a view whose record alone says how many chunks they have: each file is taken to have as many as
    the others, and to have some."""

    def __init__(self, blobs: Mapping[str, str], chunks: int, told: Mapping[str, Shown]) -> None:
        each = chunks // max(len(blobs) + len(told), 1) + 1
        super().__init__({path: Shown(blob, each) for path, blob in blobs.items()} | dict(told))
        self.chunks = chunks


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a view by its record shows; as long as there are parts that it `lacks`, what it most likely does."""

    seen: Seen
    files: OwnFiles
    lacks: tuple[int, ...] = ()

    def commands(self, keys: Keys, name: bytes) -> list[Command]:
        """Those that `whole` wants the answers of."""
        if not self.lacks:
            return []
        return [
            ("HMGET", keys.tree_parts(self.seen.record.tree), *self.lacks),
            ("HGETALL", keys.difference(name)),
        ]

    def whole(self, answers: Sequence[Any]) -> "Assumed":
        """The same with what it lacked. ReadAnew where that does not fit together."""
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
    """The view by this record, as who has these files knows it; None where it had better be fetched."""
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
