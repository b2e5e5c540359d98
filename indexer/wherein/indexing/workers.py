"""Prepares files on several cores.

Workers are processes of our own making (`python -m wherein.indexing.worker`) that exchange pickles over their pipes.
multiprocessing would either fork a host that may hold threads, or import its main module again: neither can be asked of
a language server or a user's script.
"""

import contextlib
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from pathlib import Path
from typing import IO, Self

from wherein.embedding.embedder import Embedder
from wherein.errors import WhereinError
from wherein.indexing.prepare import Content, prepare
from wherein.interpreter import interpreter, running
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason
from wherein.store.protocol import FileVersion, skipped_version

IN_FLIGHT = 2
"""Batches that wait for each worker, so that it never idles while one is written."""

TRIES = 2
"""A file that alone ends this many workers is one that no parser survives. It is left out, and reported. One end proves
nothing: somebody may have killed the worker."""

MOST_TRUSTED_ENDS = 3
"""After this many workers were ended by what they parse, processes beside them parse everything, which takes a tenth
more and ends no worker."""

MOST_FAILED_STARTS = 3
"""If workers end this often before their first batch, that says nothing about any file: the machine is out of
something."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""For workers: the matrices are small, and BLAS threads waiting for each other on busy cores took 30 times as long."""

PIPE_BYTES = 1 << 20
"""The most that Linux lets a pipe hold; the default is 64 kB. A worker can go on until the parent, which has one
interpreter lock for all of its threads, reads an answer of 2 MB: half as many waits for each other."""

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Startup:
    """How a worker is started; workers that were started differently cannot be reused."""

    model: str | None
    command: tuple[str, ...]
    environment: Mapping[str, str]


def startup(model: str | None) -> Startup:
    """How a worker would be started now."""
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    search = os.pathsep.join(path for path in paths if path)
    command = tuple(running("wherein.indexing.worker"))
    return Startup(model, command, {**os.environ, **ONE_THREAD, "PYTHONPATH": search})


class Inline:
    """Prepares in this process: right for a few files, since a worker takes a quarter of a second to start."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def prepare(self, batches: Iterable[Sequence[Content]]) -> Iterator[list[FileVersion]]:
        """One list of versions for each batch."""
        for batch in batches:
            yield prepare(batch, self._embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass


class Workers:
    """`count` worker processes. Answers come in the order in which they are finished."""

    def __init__(self, count: int, model: str | None) -> None:
        self._startup = startup(model)
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._trusted_ends = 0
        try:
            for _ in range(count):
                self._workers.append(_Worker(self._startup))
                self._idle.put(self._workers[-1])
        except BaseException:
            for worker in self._workers:
                worker.close()
            raise
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="wherein-worker")
        self._stopping = threading.Event()

    @property
    def idle(self) -> bool:
        """Whether nothing is asked of them."""
        return self._idle.qsize() == len(self._workers)

    def fit(self, count: int, wanted: Startup) -> bool:
        """Whether there are this many, started in this way."""
        return len(self._workers) == count and self._startup == wanted

    def prepare(self, batches: Iterable[Sequence[Content]]) -> Iterator[list[FileVersion]]:
        """One list of versions for each batch, as they arrive. The first batches start at once, not when they are asked
        for."""
        remaining = iter(batches)
        first = islice(remaining, len(self._workers) * IN_FLIGHT)
        return self._answers({self._threads.submit(self._ask, batch) for batch in first}, remaining)

    def _answers(
        self, waiting: set[Future[list[FileVersion]]], remaining: Iterator[Sequence[Content]]
    ) -> Iterator[list[FileVersion]]:
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {self._threads.submit(self._ask, batch) for batch in islice(remaining, len(done))}
            for future in done:
                yield future.result()

    def _ask(
        self, batch: Sequence[Content], tries: int = TRIES, *, trusting: bool = True
    ) -> list[FileVersion]:
        """`trusting`: the worker parses by itself, and may end because of it."""
        trusting = trusting and self._trusted_ends < MOST_TRUSTED_ENDS
        worker = self._idle.get()
        try:
            try:
                answer = worker.ask(batch, trusting=trusting)
            except (OSError, EOFError):
                if self._stopping.is_set():
                    return []
                worker.restart()
                self._trusted_ends += trusting
                answer = None
        finally:
            self._idle.put(worker)
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None:
            versions: list[FileVersion] = answer  # type: ignore[assignment]
            return versions
        if trusting:
            return self._ask(batch, trusting=False)
        if len(batch) > 1:  # one of these files may have ended the worker: find it
            return [version for content in batch for version in self._ask([content], trusting=False)]
        if tries > 1:
            return self._ask(batch, tries - 1, trusting=False)
        return [skipped_version(batch[0].path, batch[0].blob, SkipReason.UNREADABLE)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End them, whatever they are doing."""
        self._stopping.set()
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()


class _Worker:
    """One process and its pipes."""

    def __init__(self, startup: Startup) -> None:
        self._startup = startup
        self._failed_starts = 0
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._startup.command,
            executable=interpreter(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._startup.environment,
            process_group=0,  # Ctrl-C is for the parent alone, also while a worker is still importing
        )
        assert process.stdin is not None
        assert process.stdout is not None
        _widen(process.stdin)
        _widen(process.stdout)
        with contextlib.suppress(OSError):  # it has ended: the first batch will tell
            write_frame(process.stdin, self._startup.model)
        self._ready = False
        return process

    def ask(self, batch: Sequence[Content], *, trusting: bool) -> object:
        """What the process answers. Raises OSError or EOFError if it ends instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if not self._ready:
            problem = read_frame(self._process.stdout)
            if problem is not None:
                return problem
            self._ready = True
        write_frame(self._process.stdin, (batch, trusting))
        return read_frame(self._process.stdout)

    def restart(self) -> None:
        """Start a new process in place of one that died. Raises WhereinError if none lives long enough to work."""
        if not self._ready:
            self._failed_starts += 1
            if self._failed_starts >= MOST_FAILED_STARTS:
                raise WhereinError(
                    "The processes that index files exit as soon as they start; the machine may be out of memory.",
                    remedy="try again when less is running",
                )
        self.close()
        self._process = self._start()

    def kill(self) -> None:
        """End the process; whoever waits for its answer gets EOFError."""
        self._process.kill()

    def close(self) -> None:
        """End the process and release what it leaves."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written has no reader any more
                    pipe.close()


def _widen(pipe: IO[bytes]) -> None:
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # the user has many such pipes already
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def write_frame(stream: IO[bytes], value: object) -> None:
    """Write one pickled value, after its length."""
    data = pickle.dumps(value, protocol=5)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> object:
    """The next value. Raises EOFError at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size = _LENGTH.unpack(head)[0]
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    value: object = pickle.loads(data)  # noqa: S301 - both ends are this program
    return value


def ignore_interrupts() -> None:
    """Ctrl-C reaches the whole process group; the parent alone decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
