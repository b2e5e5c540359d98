"""What a view shows: path → file version, in memory and packed for the server."""

import zlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from wherein.store.digest import digest_of
from wherein.store.redis.terms import alphabet
from wherein.store.redis.trees import column_format

ID_BYTES = 9
"""Of the hash that names a file version or a tree, in twelve letters and digits: no two of a hundred million are equal
by chance."""

DEFLATE_LEVEL = 6
"""Of a tree: a ninth less than with 1, for 5 ms with 10,000 files."""


def to_bytes(name: str) -> bytes:
    """A path, view or repository as git has it: surrogate escapes become the bytes they stand for."""
    return name.encode("utf-8", "surrogateescape")


def to_name(raw: bytes) -> str:
    """The reverse of `to_bytes`."""
    return raw.decode("utf-8", "surrogateescape")


def version_id(path: str, blob: str) -> str:
    """What a file version is called: the same for everybody, so that two writers store it once."""
    return alphabet.lettered(to_bytes(path) + b"\0" + blob.encode(), ID_BYTES)


class Shown(NamedTuple):
    """The file version that a view shows under a path."""

    blob: str
    chunks: int
    skip: str = ""


Changes = Mapping[str, Shown | None]
"""Path → what is shown from now on; None: nothing."""


class Contents:
    """What a view shows at one moment; never changed."""

    def __init__(self, files: Mapping[str, Shown]) -> None:
        self.files = files
        self.remembered: dict[object, Any] = {}
        """what others derive from these contents"""

    @cached_property
    def chunks(self) -> int:
        """Of all files together."""
        return sum(shown.chunks for shown in self.files.values())

    @cached_property
    def searchable(self) -> list[str]:
        """The paths of files with chunks."""
        return [path for path, shown in self.files.items() if shown.chunks]

    @cached_property
    def versions(self) -> dict[bytes, str]:
        """Id of each file version with chunks → its path: what is found is known by its key alone. 1.5 us a file."""
        return {version_id(path, self.files[path].blob).encode(): path for path in self.searchable}

    @property
    def blobs(self) -> dict[str, str]:
        """Path → blob."""
        return {path: shown.blob for path, shown in self.files.items()}

    @cached_property
    def digest(self) -> str:
        """See `ViewRecord.digest`."""
        return digest_of(self.blobs)

    @cached_property
    def skipped(self) -> dict[str, int]:
        """How many files are skipped for their content, by reason."""
        counted: dict[str, int] = {}
        for shown in self.files.values():
            if shown.skip:
                counted[shown.skip] = counted.get(shown.skip, 0) + 1
        return counted

    def with_changes(self, changes: Changes) -> "Contents":
        """These contents after some changes."""
        if not changes:
            return self
        files = dict(self.files)
        for path, shown in changes.items():
            if shown is None:
                files.pop(path, None)
            else:
                files[path] = shown
        changed = Contents(files)
        if "versions" in self.__dict__:
            versions = dict(self.versions)
            for path, shown in changes.items():
                if (old := self.files.get(path)) is not None:
                    versions.pop(version_id(path, old.blob).encode(), None)
                if shown is not None and shown.chunks:
                    versions[version_id(path, shown.blob).encode()] = path
            changed.versions = versions
        return changed

    def changes_to(self, other: "Contents") -> dict[str, Shown | None]:
        """What separates these contents from others."""
        changes: dict[str, Shown | None] = {
            path: shown for path, shown in other.files.items() if self.files.get(path) != shown
        }
        changes |= dict.fromkeys(self.files.keys() - other.files.keys())
        return changes

    def packed(self) -> tuple[str, bytes]:
        """The name of the tree of these contents, and the tree."""
        raw = column_format.packed(
            (to_bytes(path), shown.blob, shown.chunks, shown.skip)
            for path, shown in sorted(self.files.items())
        )
        return tree_name(raw), zlib.compress(raw, DEFLATE_LEVEL)


EMPTY = Contents({})


def tree_name(raw: bytes) -> str:
    """The name of a tree: a hash of it before it is compressed."""
    return alphabet.lettered(raw, ID_BYTES)


def unpack_tree(tree: bytes) -> Contents:
    """The contents that a tree holds."""
    return unpack_raw_tree(zlib.decompress(tree))


def unpack_raw_tree(raw: bytes) -> Contents:
    """The same for a tree that is not compressed any more."""
    return Contents(
        {to_name(path): Shown(blob, chunks, skip) for path, blob, chunks, skip in column_format.unpacked(raw)}
    )


def pack_changes(changes: Iterable[tuple[str, Shown | None]]) -> bytes:
    """Changes one after another, four fields each."""
    fields: list[bytes] = []
    for path, shown in changes:
        fields += (to_bytes(path), pack_shown(shown))
    return b"\0".join(fields)


def unpack_changes(raw: bytes) -> Iterable[tuple[str, Shown | None]]:
    """The reverse of `pack_changes`."""
    if not raw:
        return []
    fields = raw.split(b"\0")
    paths = b"\0".join(fields[::4]).decode("utf-8", "surrogateescape").split("\0")
    blobs = b"\0".join(fields[1::4]).decode().split("\0")
    skips = b"\0".join(fields[3::4]).decode().split("\0")
    return [
        (path, Shown(blob, int(chunks), skip) if blob else None)
        for path, blob, chunks, skip in zip(paths, blobs, fields[2::4], skips, strict=True)
    ]


def pack_shown(shown: Shown | None) -> bytes:
    """One value of a view's difference."""
    return b"\0\0" if shown is None else f"{shown.blob}\0{shown.chunks}\0{shown.skip}".encode()


def unpack_shown(raw: bytes) -> Shown | None:
    """The reverse of `pack_shown`."""
    blob, chunks, skip = raw.decode().split("\0")
    return Shown(blob, int(chunks), skip) if blob else None
