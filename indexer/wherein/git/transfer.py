"""One git process that talks to a remote: it ends in time, and uses no more of the disk than it may."""

import os
import subprocess
import time
from collections.abc import Callable
from threading import Thread
from typing import IO

from wherein.git.command import Git
from wherein.git.running import end, let_go

LOOKED = 0.2
"""Seconds between looks at what it has written. A fast network brings 20 MB in between."""

MOST_SAID = 1_000_000
"""Bytes kept of what it writes: a listing of ten thousand branches."""


class TooSlow(Exception):
    """It was ended for its time."""


class TooLarge(Exception):
    """It was ended for what it had written to the disk."""


def transfer(
    git: Git, *arguments: str, seconds: float, written: Callable[[], int], most: int
) -> tuple[int, bytes, str]:
    """Exit status, output and complaint of a command. Raises TooSlow; TooLarge if `written()` is over `most` bytes."""
    process = git.process(*arguments, stdin=subprocess.DEVNULL)
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = _Kept(process.stdout), _Kept(process.stderr)
    until = time.monotonic() + seconds
    try:
        while out.is_alive() or err.is_alive():
            out.join(LOOKED)
            err.join(0 if out.is_alive() else LOOKED)
            if time.monotonic() > until:
                raise TooSlow
            if written() > most:
                raise TooLarge
        status = process.wait(max(0.1, until - time.monotonic()))
        if written() > most:
            raise TooLarge
        return status, out.data, os.fsdecode(err.data).strip()
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    finally:
        end(process)
        for each in (out, err):
            each.join(LOOKED)
        if not (out.is_alive() or err.is_alive()):
            let_go(process)


class _Kept(Thread):
    """Reads a pipe to its end and keeps the first MOST_SAID bytes."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self.data = b""
        self.start()

    def run(self) -> None:
        try:
            while piece := os.read(self._pipe.fileno(), 1 << 16):
                if len(self.data) < MOST_SAID:
                    self.data += piece
        except (OSError, ValueError):
            return
