"""A tree cut into parts by folder: a reader who has most of what a view shows is sent only the parts that differ.

The record of a view holds a short digest of each part of what it shows; its tree is stored in such parts as well as in
one piece.
"""

import base64
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from typing import TypeVar

from wherein.store.redis.trees import column_format
from wherein.store.redis.trees.contents import DEFLATE_LEVEL, Contents, Shown, to_bytes, to_name

COUNT = 64
"""Files that are committed together lie in a few folders, and so in a few of the parts."""

LEAST = 4_000
"""Bytes of a tree that is stored in parts: a smaller one is sent whole."""

MOST_READ = COUNT // 2
"""If more parts differ, the whole tree takes less space."""

_DIGEST_BYTES = 3
"""If two different parts have the same digest, the digest of the whole shows it."""

T = TypeVar("T")


def split(files: Mapping[str, T]) -> list[dict[str, T]]:
    """The files of each part."""
    parts: list[dict[str, T]] = [{} for _ in range(COUNT)]
    of: dict[str, dict[str, T]] = {}
    for path, each in files.items():
        folder = path.rpartition("/")[0]
        if folder not in of:
            of[folder] = parts[number_of(path)]
        of[folder][path] = each
    return parts


def is_worth(tree: bytes) -> bool:
    """Whether a tree, as it is packed, is stored in parts as well."""
    return len(tree) >= LEAST


def number_of(path: str) -> int:
    """The part that a path is in."""
    return zlib.crc32(to_bytes(path.rpartition("/")[0])) % COUNT


def digests(blobs: Mapping[str, str]) -> str:
    """Digests of all parts of path → blob, for `differing`."""
    told = b""
    for part in split(blobs):
        named = b"\n".join([to_bytes(f"{path}\0{part[path]}") for path in sorted(part)])
        told += blake2b(named, digest_size=_DIGEST_BYTES).digest()
    return base64.b64encode(told).decode()


def differing(one: str, other: str) -> list[int]:
    """The numbers of the parts that differ, by two `digests`. ValueError if they are no digests."""
    first, second = base64.b64decode(one), base64.b64decode(other)
    if len(first) != len(second) or len(first) != COUNT * _DIGEST_BYTES:
        raise ValueError("no digests of parts")
    each = range(0, len(first), _DIGEST_BYTES)
    return [
        number
        for number, at in enumerate(each)
        if first[at : at + _DIGEST_BYTES] != second[at : at + _DIGEST_BYTES]
    ]


def packed(contents: Contents) -> list[bytes]:
    """Each part of a tree of these contents, as `unpacked` reads it."""
    return [
        zlib.compress(
            column_format.packed(
                (to_bytes(path), shown.blob, shown.chunks, shown.skip) for path, shown in sorted(part.items())
            ),
            DEFLATE_LEVEL,
        )
        for part in split(contents.files)
    ]


def unpacked(raw: bytes) -> dict[str, Shown]:
    """What a part of a tree shows. ValueError or zlib.error for what never was one."""
    rows = column_format.unpacked(zlib.decompress(raw))
    return {to_name(path): Shown(blob, chunks, skip) for path, blob, chunks, skip in rows}
