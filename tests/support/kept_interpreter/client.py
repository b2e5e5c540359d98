"""Asks the process that forks, one a process of tests, for a command; begins it when it is first asked for."""

import atexit
import json
import os
import re
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from kept_interpreter.program import LENGTH
from kept_interpreter.program import __file__ as PROGRAM

READ_AT_START = re.compile("PYTHON|LC_|LANG|LD_|OPENBLAS|OMP_|NPY_|NUMPY|MALLOC|GLIBC|SSL_|OPENSSL")
"""How the names of variables begin that an interpreter, the C library or a library's import may read. Who differs in
one of them needs a start of its own."""
PIECE = 1 << 16


def can_take(environment: Mapping[str, str]) -> bool:
    """Whether a command with these variables can be forked: on this system, with the usual start, and where
    WHEREIN_TEST_LONG does not want each to be begun anew."""
    wanted = "WHEREIN_TEST_LONG" not in os.environ
    return wanted and _of_the_start(environment) == _usual_start() and _can_fork_here()


class Forked:
    """A command that runs, as a subprocess.Popen would show it; its input and output are there after `start`."""

    def __init__(
        self,
        command: Path,
        arguments: Sequence[str | bytes],
        streams: tuple[int, int, int],
        *,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        """Takes the descriptors that the command shall have."""
        self.args = [str(command), *map(os.fsdecode, arguments)]
        self.returncode: int | None = None
        self.stdin: BinaryIO | None = None
        self.stdout: BinaryIO | None = None
        self._answer, theirs = socket.socketpair()
        request = {
            "folder": os.fsdecode(folder),
            "umask": _umask(),
            "environment": dict(environment),
            "arguments": self.args[1:],
        }
        with theirs:
            _send(_begun(command), request, [*streams, theirs.fileno()])
        for descriptor in streams:
            os.close(descriptor)
        self._told = b""
        self.pid = int(self._line(None))

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(int(self._line(timeout)))
            self._answer.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _line(self, timeout: float | None) -> bytes:
        """What the process that forks tells next."""
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._told:
            left = None if until is None else max(until - time.monotonic(), 0)
            if not select.select([self._answer], [], [], left)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            piece = self._answer.recv(PIECE)
            assert piece, "the process that forks has ended"
            self._told += piece
        line, _, self._told = self._told.partition(b"\n")
        return line


def start(
    command: Path, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], errors: int
) -> Forked:
    """A command with pipes as its input and output, whose errors go to a descriptor."""
    input_read, input_write = os.pipe()
    output_read, output_write = os.pipe()
    forked = Forked(
        command, arguments, (input_read, output_write, os.dup(errors)), folder=folder, environment=environment
    )
    forked.stdin = os.fdopen(input_write, "wb")
    forked.stdout = os.fdopen(output_read, "rb")
    return forked


def run(
    command: Path,
    arguments: Sequence[str | bytes],
    *,
    folder: Path,
    environment: Mapping[str, str],
    given: bytes | None = None,
    timeout: float = 60,
) -> "subprocess.CompletedProcess[bytes]":
    """What subprocess.run does, with `given` or, for None, nothing as input. subprocess.TimeoutExpired."""
    input_read, input_write = os.pipe() if given is not None else (os.open(os.devnull, os.O_RDONLY), None)
    output_read, output_write = os.pipe()
    error_read, error_write = os.pipe()
    until = time.monotonic() + timeout
    forked = Forked(
        command, arguments, (input_read, output_write, error_write), folder=folder, environment=environment
    )
    try:
        output, errors = _talk(input_write, given or b"", (output_read, error_read), until)
        code = forked.wait(max(until - time.monotonic(), 0))
    except (TimeoutError, subprocess.TimeoutExpired):
        forked.kill()
        raise subprocess.TimeoutExpired(forked.args, timeout) from None
    return subprocess.CompletedProcess(forked.args, code, output, errors)


def _talk(
    input_write: int | None, given: bytes, outputs: tuple[int, int], until: float
) -> tuple[bytes, bytes]:
    """What is written to both until nobody holds them any more. TimeoutError."""
    found: dict[int, bytearray] = {descriptor: bytearray() for descriptor in outputs}
    left = memoryview(given)
    with selectors.DefaultSelector() as waiting:
        for descriptor in outputs:
            waiting.register(descriptor, selectors.EVENT_READ)
        if input_write is not None:
            os.set_blocking(input_write, False)
            waiting.register(input_write, selectors.EVENT_WRITE)
        try:
            while waiting.get_map():
                ready = waiting.select(max(until - time.monotonic(), 0))
                if not ready:
                    raise TimeoutError
                for key, _ in ready:
                    if key.fd in found:
                        piece = os.read(key.fd, PIECE)
                        found[key.fd] += piece
                        over = not piece
                    else:
                        try:
                            left = left[os.write(key.fd, left[:PIECE]) :]
                            over = not left
                        except BrokenPipeError:
                            over = True
                    if over:
                        waiting.unregister(key.fd)
                        os.close(key.fd)
        finally:
            for descriptor in list(waiting.get_map()):
                os.close(descriptor)
    first, second = (bytes(found[descriptor]) for descriptor in outputs)
    return first, second


def _send(asked: socket.socket, request: dict[str, object], descriptors: list[int]) -> None:
    content = json.dumps(request).encode()
    socket.send_fds(asked, [LENGTH.pack(len(content))], descriptors)
    asked.sendall(content)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now


@cache
def _can_fork_here() -> bool:
    """Whether there is what the process that forks needs of the system; some sandboxes lack it."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def _of_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if READ_AT_START.match(name)}


def _usual_start() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    return ours | {"LANG": "C.UTF-8"}


@cache
def _begun(command: Path) -> socket.socket:
    asked, theirs = socket.socketpair()
    usual = {name: value for name, value in os.environ.items() if not READ_AT_START.match(name)}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", PROGRAM, str(theirs.fileno()), str(command)],
            env=usual | _usual_start(),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        asked.close()
        process.wait()

    atexit.register(end)
    return asked
