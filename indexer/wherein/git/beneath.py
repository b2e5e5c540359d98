"""Opens what is below a folder, without following a link in any part of the path.

Paths come from git's index or a listing, which a stranger's repository writes: `a/b.py` may be tracked while `a` is a
link to somewhere else. Everything that opens such a path does it here, so that what is read lies in the folder.
"""

import os
import sys
from collections.abc import Callable
from errno import EFBIG, EINVAL, ENOTDIR
from functools import partial
from os import lstat
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

_FILE = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(
        os, "O_NONBLOCK", 0
    )  # a FIFO that took a file's place is opened at once, and seen for what it is
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = _FILE | getattr(os, "O_DIRECTORY", 0)

HAS_DIR_FD = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Not on Windows, where each part is looked at before the whole is opened."""

_REPARSE_POINT = 0x400
"""Windows: links and junctions, and whatever else leads elsewhere."""


class ThroughLink(NotADirectoryError):
    """A part of the path above its last is a link. To git, nothing lies behind it."""


class Beneath:
    """The files below `root`, which itself may be reached by links.

    Paths are POSIX and relative to the root. Every method raises FileNotFoundError for what is not there or could be
    no path of a listing, ThroughLink, and OSError. Folders that `lstat` has seen to be folders are remembered, so an
    object should live as long as one listing; `open` and `read` look again at every part, each time.
    """

    def __init__(self, root: Path | str) -> None:
        self.root = os.fspath(root)
        self._start = self.root if self.root.endswith(os.sep) else self.root + os.sep
        self._folders = {""}

    def lstat(self, path: str) -> os.stat_result:
        """What the path itself is: a link as a link."""
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            self._verify(path, folder)
        if name in _DOTS or "\0" in name or os.sep == "\\":
            _parts(path)
        return lstat(self._start + path)

    def open(self, path: str) -> int:
        """A descriptor of a regular file, to be closed by the caller. Never waits, as for a FIFO."""
        parts = _parts(path)
        return _open_at(self.root, parts) if HAS_DIR_FD else self._open_looked_at(path, parts)

    def read(self, path: str, limit: int | None = None) -> bytes:
        """The bytes of a regular file; OSError (EFBIG) where it has more than `limit`."""
        number = self.open(path)
        try:
            size = os.fstat(number).st_size
            most = sys.maxsize if limit is None else limit
            if size <= most:
                data = _at_most(partial(os.read, number), most + 1, size + 1)
                if len(data) <= most:
                    return data
        finally:
            os.close(number)
        raise OSError(EFBIG, f"it has more than {most:,} bytes", path)

    def _verify(self, path: str, folder: str) -> None:
        parts = _parts(path)[:-1]
        for depth in range(1, len(parts) + 1):
            place = "/".join(parts[:depth])
            if place not in self._folders:
                _require_folder(lstat(self._start + place), place)
                self._folders.add(place)
        self._folders.add(folder)

    def _open_looked_at(self, path: str, parts: list[str]) -> int:
        """Without dir_fd. What was looked at must be what was opened."""
        for depth in range(1, len(parts)):
            place = "/".join(parts[:depth])
            _require_folder(lstat(self._start + place), place)
        place = self._start + "/".join(parts)
        before = lstat(place)
        _require_regular(before, path)
        number = os.open(place, _FILE)
        after = os.fstat(number)
        if (before.st_dev, before.st_ino) == (after.st_dev, after.st_ino):
            return _regular(number, path)
        os.close(number)
        raise OSError(EINVAL, "it changed while it was opened", path)


def _open_at(root: str, parts: list[str]) -> int:
    path = "/".join(parts)
    folder = os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for depth, part in enumerate(parts[:-1], 1):
            try:
                deeper = os.open(part, _FOLDER, dir_fd=folder)
            except OSError as error:
                if S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
                    raise ThroughLink(ENOTDIR, "it is a link", "/".join(parts[:depth])) from error
                raise
            os.close(folder)
            folder = deeper
        # Opening some devices does something, so they are looked at first.
        _require_regular(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False), path)
        number = os.open(parts[-1], _FILE, dir_fd=folder)
    finally:
        os.close(folder)
    return _regular(number, path)


def _regular(number: int, path: str) -> int:
    """A descriptor, where it is a regular file's; else it is closed."""
    try:
        _require_regular(os.fstat(number), path)
    except OSError:
        os.close(number)
        raise
    return number


_DOTS = frozenset({"", ".", ".."})


def _parts(path: str) -> list[str]:
    """A path's parts; FileNotFoundError for what no listing could hold."""
    parts = path.split("/")
    if "\0" in path or not _DOTS.isdisjoint(parts) or (os.sep == "\\" and not {"\\", ":"}.isdisjoint(path)):
        raise FileNotFoundError(f"{path!r} is not a path of a listing")
    return parts


def _require_folder(status: os.stat_result, place: str) -> None:
    if S_ISLNK(status.st_mode) or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
        raise ThroughLink(ENOTDIR, "it is a link", place)
    if not S_ISDIR(status.st_mode):
        raise NotADirectoryError(ENOTDIR, "it is not a folder", place)


def _require_regular(status: os.stat_result, path: str) -> None:
    if not S_ISREG(status.st_mode) or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
        raise OSError(EINVAL, "it is not a regular file", path)


def _at_most(read: Callable[[int], bytes | None], most: int, expected: int) -> bytes:
    """Up to `most` bytes. `expected` is read at once: mostly that is all."""
    pieces: list[bytes] = []
    missing = most
    while missing and (piece := read(min(missing, expected))):
        pieces.append(piece)
        missing -= len(piece)
        expected = max(expected, 1 << 16)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
