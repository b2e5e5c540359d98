"""Remembers what a view's files were hashed to, so that they are read only when they change.

git's own record of its worktree is no proof of what a file holds: a repository's configuration and index may say that a
file is unchanged, whatever the disk holds. What is remembered here, we have read.
"""

import hashlib
import os
import struct
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from wherein import private

RACY_NS = 2_000_000_000
"""A file written to this recently is not remembered: it could change again without its numbers changing. The
coarsest clock of a file system in use ticks every two seconds."""

_MAGIC = f"wherein stamps 2 {sys.byteorder}\n".encode("ascii")
_HEAD = struct.Struct("=IQ")
"""checksum of what follows, number of files"""
_STAMP = struct.Struct("=qqQQ")
"""mtime and ctime in nanoseconds, size in bytes, inode modulo 2^64"""
_pack = _STAMP.pack
_WORD = 0xFFFF_FFFF_FFFF_FFFF


class Ids(NamedTuple):
    """The ids of a file's bytes."""

    raw: str
    """the id of the bytes as they are"""
    unix: str = ""
    """with each CR LF as LF, if that makes a difference"""


class StampCache:
    """Path → ids of a view's files, kept in one file. Losing it only costs time.

    The file holds a checksum, 32 bytes of numbers for each path, then all paths and all ids. At 50,000 files it is read
    in 15 ms; JSON took five times that.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stamps, self._ids, self._rows = _load(file)
        self._used: list[str] = []
        self._put: dict[str, tuple[bytes, str]] = {}
        self._horizon = time.time_ns() - RACY_NS

    def get(self, path: str, status: os.stat_result) -> Ids | None:
        """The ids under which a file with these numbers was remembered."""
        row = self._rows.get(path)
        if row is None or self._stamps[row << 5 : row + 1 << 5] != _stamp(status):  # 32 bytes each
            return None
        self._used.append(path)
        ids = self._ids[row]
        return Ids(*ids.split(" ")) if " " in ids else Ids(ids)

    def put(self, path: str, status: os.stat_result, ids: Ids) -> None:
        """Remember ids; `status` was taken before the file was read."""
        if _settled_ns(status) < self._horizon:
            self._put[path] = (_stamp(status), " ".join(filter(None, ids)))

    def save(self) -> None:
        """Write what was got or put since this was made, and forget the rest."""
        if self._file is None or (not self._put and len(self._used) == len(self._rows)):
            return
        with suppress(OSError):
            private.folder(self._file.parent)
            private.write(self._file, self._packed())

    def _packed(self) -> bytes:
        kept = [path for path in dict.fromkeys(self._used) if path not in self._put]
        rows = [self._rows[path] for path in kept]
        stamps = [self._stamps[row * _STAMP.size : (row + 1) * _STAMP.size] for row in rows]
        stamps += [stamp for stamp, _ in self._put.values()]
        texts = [
            *kept,
            *self._put,
            *(self._ids[row] for row in rows),
            *(ids for _, ids in self._put.values()),
        ]
        body = b"".join(stamps) + os.fsencode("\0".join(texts))
        return _MAGIC + _HEAD.pack(zlib.crc32(body), len(stamps)) + body


def open_stamps(folder: Path | None, view: str, part: str = "") -> StampCache:
    """The cache of a view, or of a part of it, in the folder for all caches; without a folder, one that keeps
    nothing."""
    return StampCache(folder / f"{cache_name(view)}{part}.stamps" if folder else None)


def cache_name(view: str) -> str:
    """How the names of all files begin in which something is remembered of a view; `-` or `.` follows."""
    return hashlib.sha256(os.fsencode(view)).hexdigest()[:20]


def _stamp(status: os.stat_result) -> bytes:
    return _pack(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino & _WORD)


def _settled_ns(status: os.stat_result) -> int:
    """Since when a file is as it is. Whoever writes may set its mtime, even to the future, but not its ctime, which
    on Windows is when it was made."""
    return max(status.st_mtime_ns, status.st_ctime_ns) if sys.platform == "win32" else status.st_ctime_ns


def _load(file: Path | None) -> tuple[bytes, list[str], dict[str, int]]:
    """The stamps of all files, their ids, and path → row in both."""
    with suppress(OSError, struct.error):
        content = private.read(file) if file else b""
        if content.startswith(_MAGIC):
            checksum, count = _HEAD.unpack_from(content, len(_MAGIC))
            body = content[len(_MAGIC) + _HEAD.size :]
            if zlib.crc32(body) == checksum:
                texts = os.fsdecode(body[count * _STAMP.size :]).split("\0")
                rows = {path: row for row, path in enumerate(texts[:count])}
                return body[: count * _STAMP.size], texts[count:], rows
    return b"", [], {}
