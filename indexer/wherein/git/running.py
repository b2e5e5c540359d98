"""One running process of git: its limits of time and memory, and how it is ended.

A repository can make git wait for ever (a FIFO in the place of a file that git reads) or write without end (a tree of
trees of trees). So every process has an end, its output is bounded, and where it lasts, somebody looks for what it
waits for.
"""

import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, NoReturn, Self

from wherein.errors import NotARepository

if sys.platform == "linux":
    import resource

PATIENCE = 3.0
"""Seconds after which it is looked for what git waits for. Most listings are done in a tenth of one."""

MOST_SECONDS = 300.0
"""For one command. A first look at a million files on a slow disk takes a minute or two."""

MOST_WORK = 10.0
"""Seconds of processor time where there is a pattern of many stars. A listing of a million files takes three."""

MOST_OUTPUT = 500_000_000
"""Bytes of one command's answer: that many are five million files."""

MOST_COMPLAINT = 100_000
"""Bytes kept of what it complains."""

MOST_MEMORY = 4_000_000_000
"""Bytes that git may hold beside the files that it maps; where the system is Linux."""

_PIECE = 1 << 18


class GitFailed(Exception):
    """git ended with an error. `str(error)` is what it wrote."""

    def __init__(self, arguments: Sequence[str], status: int, message: str) -> None:
        super().__init__(message or f"git {arguments[0]} ended with status {status}")
        self.status = status


class Running:
    """A git process at work. Also a context manager, which ends it where its output was not waited for.

    `look` is called where it lasts. It raises where it finds a reason not to wait on, and names a pattern (`FILE:
    PATTERN`) where that is a reason not to wait for long.
    """

    def __init__(
        self, arguments: Sequence[str], process: "subprocess.Popen[bytes]", look: Callable[[], str]
    ) -> None:
        self._arguments = arguments
        self._process = process
        self._look = look
        assert process.stdout is not None
        assert process.stderr is not None
        self._output = _Drain(process.stdout, MOST_OUTPUT, stops=True)
        self._complaint = _Drain(process.stderr, MOST_COMPLAINT, stops=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end(self._process)
        for drain in (self._output, self._complaint):
            drain.join(PATIENCE)  # a pipe that is still read must not be closed
        if not (self._output.is_alive() or self._complaint.is_alive()):
            let_go(self._process)

    def output(self, given: bytes | None = None, *, good: Collection[int] = (0,)) -> bytes:
        """All that it writes, given this on its standard input; raises GitFailed if its exit status is not good."""
        status, out, message = self.outcome(given)
        if status not in good:
            raise GitFailed(self._arguments, status, message)
        return out

    def outcome(self, given: bytes | None = None) -> tuple[int, bytes, str]:
        """Its exit status, its output, its complaint. Raises NotARepository if it takes too long or says too much."""
        if given is not None:
            Thread(target=self._give, args=(given,), daemon=True).start()
        self._wait()
        if self._output.overflowed:
            raise NotARepository(
                f"git {self._arguments[0]} printed more than {MOST_OUTPUT:,} bytes about this repository.",
                remedy="open a folder below it",
            )
        status = self._process.wait()
        return status, self._output.taken(), os.fsdecode(self._complaint.taken()).strip()

    def _wait(self) -> None:
        begun = time.monotonic()
        pattern: str | None = None
        while not self._ended_within(PATIENCE):
            if pattern is None:
                pattern = self._look()
            if pattern and _worked(self._process, time.monotonic() - begun) > MOST_WORK:
                raise NotARepository(
                    f"git {self._arguments[0]} does not finish, because of the pattern in {pattern}.",
                    remedy="take the pattern out, or give it fewer stars",
                )
            if waits_for_pipe(self._process):
                raise NotARepository(
                    f"git {self._arguments[0]} is waiting for a pipe that stands in place of a file.",
                    remedy="find . -type p, and remove what it shows",
                )
            if time.monotonic() - begun > MOST_SECONDS:
                raise NotARepository(
                    f"git {self._arguments[0]} was stopped after {MOST_SECONDS:.0f} seconds.",
                    remedy="wait until the disk is less busy, or open a folder below",
                )

    def _give(self, data: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(OSError, ValueError):  # it ended, or was ended
            stdin.write(data)
        with suppress(OSError, ValueError):
            stdin.close()

    def _ended_within(self, seconds: float) -> bool:
        """Whether it closed what it writes to, or wrote too much, in that time."""
        until = time.monotonic() + seconds
        for drain in (self._output, self._complaint):
            drain.join(max(0.0, until - time.monotonic()))
            if drain.is_alive():
                return False
            if drain.overflowed:
                return True
        return True


class _Drain(Thread):
    """Reads a pipe to its end and keeps `most` bytes of it; or `stops` where there are more."""

    def __init__(self, pipe: IO[bytes], most: int, *, stops: bool) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._most = most
        self._stops = stops
        self._pieces: list[bytes] = []
        self._short_of_memory = False
        self.overflowed = False
        self.start()

    def run(self) -> None:
        try:
            self._read()
        except MemoryError:  # where it would be printed and forgotten
            self._short_of_memory = True

    def _read(self) -> None:
        size = 0
        with suppress(OSError, ValueError):  # it was closed
            while piece := os.read(self._pipe.fileno(), _PIECE):
                size += len(piece)
                if size <= self._most:
                    self._pieces.append(piece)
                elif self._stops:
                    self.overflowed = True
                    return

    def taken(self) -> bytes:
        """What it wrote. MemoryError where that is not all."""
        if self._short_of_memory:
            raise MemoryError
        return b"".join(self._pieces)


def begin(
    command: Sequence[str],
    folder: str | os.PathLike[str],
    environment: dict[str, str],
    stdin: int,
    stderr: int,
) -> "subprocess.Popen[bytes]":
    """A process in a group of its own, so that it can be ended with whatever it started. Raises OSError."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        bufsize=0 if stdin == subprocess.DEVNULL else -1,
        process_group=0 if os.name == "posix" else None,
    )
    _bound(process)
    _begun[process] = os.getpid()
    return process


_begun: "weakref.WeakKeyDictionary[subprocess.Popen[bytes], int]" = weakref.WeakKeyDictionary()
"""Each with the process that began it: a fork has them as well."""


def leave(code: int) -> NoReturn:
    """Exit without waiting for threads: one may wait for git, and git for a pipe. What this process began ends with
    it."""
    with suppress(Exception):
        for process, by in list(_begun.items()):
            if by == os.getpid() and process.poll() is None:
                _kill(process)
    os._exit(code)


def _bound(process: "subprocess.Popen[bytes]") -> None:
    """From now on it may hold MOST_MEMORY, or less where that is its limit. In the moment since it began it cannot have
    taken as much; a shell that sets the limit before it becomes git takes .7 ms of processor time each time."""
    if sys.platform != "linux":
        return
    with suppress(OSError):  # it has ended
        least = [
            min(MOST_MEMORY, each) if each != resource.RLIM_INFINITY else MOST_MEMORY
            for each in resource.prlimit(process.pid, resource.RLIMIT_DATA)
        ]
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (least[0], least[1]))


def waits_for_pipe(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it tries to open a pipe to which nobody writes; only Linux tells."""
    if sys.platform == "linux":
        with suppress(OSError):
            return Path(f"/proc/{process.pid}/wchan").read_text() in ("wait_for_partner", "fifo_open")
    return False


def _worked(process: "subprocess.Popen[bytes]", passed: float) -> float:
    """Seconds of processor time that it took; where the system does not tell, those that passed."""
    if sys.platform == "linux":
        with suppress(OSError, ValueError):
            facts = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
    return passed


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its group. A second call does nothing."""
    if process.poll() is None:
        _kill(process)
        process.wait()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if os.name == "posix":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def let_go(process: "subprocess.Popen[bytes]") -> None:
    """Close the pipes to a process that ended."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()
