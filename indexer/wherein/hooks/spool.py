"""What hooks have requested, in a folder that the hooks' script writes to.

    requests    places, NUL after each, appended by the script
    taken.N     such a file that a run has renamed
    done.S.N    the same when its places are done, of its first S bytes: a slow script may still write to it
    running     the number of the process that runs, touched while it does: the script then starts no other
    lock        held by the run

A request is written before it is looked whether somebody runs. Whoever ends takes his number out of `running` first,
also where he had nothing to do, and looks for requests after that: so of each request either he knows, or its script
starts another. A run that was killed leaves its taken file to the next one.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wherein import private

REQUESTS, TAKEN, DONE, RUNNING, LOCK = "requests", "taken.", "done.", "running", "lock"

KEPT = 600.0
"""Seconds for which a file that is done is kept: nobody's script stands so long between opening a file and writing."""

BEAT = 15.0
"""Seconds between two touches of `running`, whose age the script looks at in minutes."""


class Spool:
    """The requests in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._taken: list[Path] = []
        self._sizes: dict[Path, int] = {}

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else runs; if so, nobody does until the end of the block. Raises OSError."""
        from filelock import Timeout

        lock = private.lock(self.folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            yield False
            return
        ended = threading.Event()
        beat = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        beat.start()
        try:
            yield True
        finally:
            ended.set()
            beat.join()  # or it would write once more
            with suppress(OSError):
                (self.folder / RUNNING).unlink()
            lock.release()

    def step_down(self) -> bool:
        """Stop being the run that scripts rely on. Returns whether they did."""
        try:
            # or that of a wrapper, which waits for us
            if int(private.read(self.folder / RUNNING)) in (os.getpid(), os.getppid()):
                (self.folder / RUNNING).unlink()
                return True
        except (OSError, ValueError):
            pass
        return False

    def waiting(self) -> bool:
        """Whether anything is requested that no run has begun."""
        return self._size(self.folder / REQUESTS) > 0 or any(self._left()) or any(self._late())

    def age(self) -> float | None:
        """Seconds since the last request that is not taken yet; None if there is none."""
        with suppress(OSError):
            return time.time() - (self.folder / REQUESTS).stat().st_mtime
        return None

    def peek(self) -> list[Path]:
        """The requested places, which stay requested."""
        return _places([self.folder / REQUESTS])

    def asked(self, place: Path) -> bool:
        """Whether a place was requested and is not done, even if a run is working on it."""
        return place in _places([self.folder / REQUESTS, *self._left()])

    def take(self) -> list[Path]:
        """The places requested since, each once, latest first; and, last, what runs that were ended had begun."""
        left = sorted(self._left(), reverse=True)
        fresh = self.folder / f"{TAKEN}{time.time_ns():020d}"
        with suppress(FileNotFoundError):
            (self.folder / REQUESTS).rename(fresh)
            left.insert(0, fresh)
        for file in list(self._late()):
            late = self.folder / f"{TAKEN}{file.name.rpartition('.')[2]}"
            file.rename(late)
            left.append(late)
        self._taken = left
        self._sizes = {file: self._size(file) for file in left}
        return _places(left)

    def done(self) -> None:
        """Record that what was taken is done."""
        for file in self._taken:
            with suppress(FileNotFoundError):
                file.rename(self.folder / f"{DONE}{self._sizes[file]}.{file.name.removeprefix(TAKEN)}")
        self._taken = []
        for file in self.folder.glob(f"{DONE}*"):
            with suppress(OSError):
                if time.time() - file.stat().st_ctime > KEPT:
                    file.unlink()

    def _late(self) -> Iterator[Path]:
        """Files that were done and have been written to since."""
        for file in self.folder.glob(f"{DONE}*"):
            size = file.name.split(".")[1]
            if size.isdigit() and self._size(file) > int(size):
                yield file

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
            for name in reversed(private.read(path).split(b"\0")[:-1]):
                names.setdefault(name)
    return [Path(os.fsdecode(name)) for name in names if name.startswith(b"/") or os.name == "nt"]
