"""Opens files without waiting: a pipe that nobody writes to would block whoever opens it."""

import os
from errno import EINVAL
from pathlib import Path
from stat import S_ISREG


def open_at_once(file: str, flags: int) -> int:
    """An opener for `open`. What it opens may not be a regular file: check its status."""
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def beginning(path: Path, most: int) -> bytes:
    """The first bytes of a regular file, following links; all of them if `most` is -1. Raises OSError, also for
    anything else: a device has no end."""
    if not S_ISREG(path.stat().st_mode):  # opening some devices does something
        raise OSError(EINVAL, "it is not a regular file", str(path))
    with open(path, "rb", opener=open_at_once) as file:
        if S_ISREG(os.fstat(file.fileno()).st_mode):
            return file.read(most)
    raise OSError(EINVAL, "it is not a regular file", str(path))
