"""Opens files without waiting: a pipe that nobody writes to would block whoever opens it."""

import os
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG


def open_at_once(file: str, flags: int) -> int:
    """An opener for `open`. What was opened may be no regular file: its status tells."""
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def beginning(path: Path, most: int) -> bytes:
    """The first bytes of a regular file, links followed; all for `most` -1. OSError, also for what is none: a device
    has no end."""
    if not S_ISREG(path.stat().st_mode):  # opening some devices does something
        raise OSError(EINVAL, "it is not a regular file", str(path))
    with open(path, "rb", opener=open_at_once) as file:
        if S_ISREG(os.fstat(file.fileno()).st_mode):
            return file.read(most)
    raise OSError(EINVAL, "it is not a regular file", str(path))
