"""Index files that are open in this process besides those that SQLite opens itself.

When a process closes any descriptor of a file, POSIX releases all locks that the process has on it, whoever opened that
descriptor (https://www.sqlite.org/howtocorrupt.html, 2.2). Without its lock, a connection here looks gone to other
processes: the next one to close the index deletes the log under it. A reader then sees the old state for ever, and what
a writer commits is lost. So whoever reads an index file past SQLite holds it here, and so does each connection to it;
it is closed when nobody holds it any more.
"""

import os
import sqlite3
import threading
import weakref
from contextlib import suppress
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import Self

from wherein.quick_dataclass import dataclass

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class _Open:
    descriptors: list[int]
    holders: int = 0


_guard = threading.RLock()
"""Held while a file is opened or closed: a garbage collection in between may release another one."""

_open: dict[tuple[int, int], _Open] = {}
"""by device and inode"""


class Held:
    """A file that is open until `release`. Raises OSError if it cannot be opened."""

    def __init__(self, path: Path) -> None:
        with _guard:
            self.file = _number(path.stat())
            if self.file not in _open:
                descriptor = os.open(path, _FLAGS)
                self.file = _number(os.fstat(descriptor))
                # Where the path was exchanged meanwhile for a file that is open, this one too must stay so.
                _open.setdefault(self.file, _Open([])).descriptors.append(descriptor)
            _open[self.file].holders += 1
        self._let_go = weakref.finalize(self, _release, self.file)
        self._let_go.atexit = False  # connections of threads that end with the process may be at work

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill a buffer from this offset on. Returns how many bytes could be read. Raises OSError."""
        descriptor = _open[self.file].descriptors[0]
        if hasattr(os, "preadv"):
            return os.preadv(descriptor, [buffer], offset)
        with _guard:
            os.lseek(descriptor, offset, os.SEEK_SET)
            some = os.read(descriptor, len(buffer))
        buffer[: len(some)] = some
        return len(some)

    def release(self) -> None:
        """A second call does nothing."""
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class Connection(sqlite3.Connection):
    """A connection that holds its file; made by `connect`."""

    held: tuple[Held, ...] = ()

    def close(self) -> None:
        """Close SQLite's connection first: only then nobody's locks depend on the file."""
        super().close()
        for each in self.held:
            each.release()


def connect(path: Path, target: str, kind: type[Connection] = Connection, *, timeout: float) -> Connection:
    """A connection to the file at `path` by the URI `target`; the caller controls transactions. Raises sqlite3.Error;
    OSError if a pipe or a device is in place of the file, or of what SQLite puts beside it: opening that would wait."""
    for suffix in ("", "-wal", "-shm"):
        _require_plain(f"{path}{suffix}")
    held = _held(path)
    try:
        db = sqlite3.connect(
            target,
            uri=True,
            factory=kind,
            timeout=timeout,
            isolation_level=None,
            check_same_thread=False,
        )
    except BaseException:
        for each in held:
            each.release()
        raise
    db.held = (
        *held,
        *_held(path),
    )  # which of the two it opened, where one was exchanged for the other, is not known
    return db


def _require_plain(path: str) -> None:
    with suppress(FileNotFoundError):
        if not S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - for every connection: no Path
            raise OSError(EINVAL, "there is not a regular file in its place, or beside it", path)


def _held(path: Path) -> tuple[Held, ...]:
    try:
        return (Held(path),)
    except OSError:  # SQLite tells what is wrong with it
        return ()


def _number(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _release(file: tuple[int, int]) -> None:
    with _guard:
        found = _open[file]
        found.holders -= 1
        if not found.holders:
            del _open[file]
            for descriptor in found.descriptors:
                os.close(descriptor)
