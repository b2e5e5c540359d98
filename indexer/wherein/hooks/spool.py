"""What hooks have asked for, in a folder that the script of the hooks writes to.

    requests    places, NUL after each, appended by the script
    taken.N     such a file that a run has renamed; it goes when its places are done
    running     the number of the process that runs, touched while it does: the script then starts no other
    lock        held by the run

A request is written before it is looked whether somebody runs, and a run looks for requests after it has let go of the
lock, so none is left behind. A run that was killed leaves its taken file to the next one.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wherein import private

REQUESTS, TAKEN, RUNNING, LOCK = "requests", "taken.", "running", "lock"

BEAT = 15.0
"""Seconds between two touches of `running`, whose age the script looks at in minutes."""


class Spool:
    """The requests in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._taken: list[Path] = []

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else runs; then nobody does until the end of the block. OSError."""
        from filelock import Timeout

        lock = private.lock(self.folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        ended = threading.Event()
        threading.Thread(target=self._beat, args=(ended,), daemon=True).start()
        try:
            yield True
        finally:
            ended.set()
            with suppress(OSError):
                (self.folder / RUNNING).unlink()
            lock.release()

    def waiting(self) -> bool:
        """Whether anything is asked for that no run has begun."""
        return self._size(self.folder / REQUESTS) > 0 or any(self._left())

    def age(self) -> float | None:
        """Seconds since the last request, as far as it is not taken yet; None where there is none."""
        with suppress(OSError):
            return time.time() - (self.folder / REQUESTS).stat().st_mtime
        return None

    def peek(self) -> list[Path]:
        """The places asked for, which stay asked for."""
        return _places([self.folder / REQUESTS])

    def take(self) -> list[Path]:
        """The places asked for since, each once, the latest first; and what runs that were ended had begun, last."""
        left = sorted(self._left(), reverse=True)
        fresh = self.folder / f"{TAKEN}{time.time_ns():020d}"
        with suppress(FileNotFoundError):
            (self.folder / REQUESTS).rename(fresh)
            left.insert(0, fresh)
        self._taken = left
        return _places(left)

    def done(self, known: list[Path]) -> None:
        """What was taken is done. What a slow hook has added to it meanwhile is asked for again."""
        late = [place for place in _places(self._taken) if place not in known]
        if late:
            with open(self.folder / REQUESTS, "ab") as file:  # noqa: PTH123
                file.write(b"".join(os.fsencode(place) + b"\0" for place in late))
        for path in self._taken:
            path.unlink(missing_ok=True)
        self._taken = []

    def _left(self) -> Iterator[Path]:
        return self.folder.glob(f"{TAKEN}*")

    def _beat(self, ended: threading.Event) -> None:
        while not ended.is_set():
            with suppress(OSError):
                private.write(self.folder / RUNNING, f"{os.getpid()}\n".encode())
            ended.wait(BEAT)

    @staticmethod
    def _size(path: Path) -> int:
        with suppress(OSError):
            return path.stat().st_size
        return 0


def _places(paths: list[Path]) -> list[Path]:
    names: dict[bytes, None] = {}
    for path in paths:
        with suppress(OSError):
            for name in reversed(path.read_bytes().split(b"\0")[:-1]):
                names.setdefault(name)
    return [Path(os.fsdecode(name)) for name in names if name.startswith(b"/") or os.name == "nt"]
