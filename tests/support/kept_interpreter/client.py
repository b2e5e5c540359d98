"""Asks the process that forks, one a run of tests, for a command; begins it when it is first asked for."""

import atexit
import errno
import json
import os
import secrets
import selectors
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from kept_interpreter.asking import LENGTH, PIECE, Forked, request_of

READ_AT_START = (
    "PYTHON",
    "LC_",
    "LANG",
    "LD_",
    "OPENBLAS",
    "OMP_",
    "NPY_",
    "NUMPY",
    "MALLOC",
    "GLIBC",
    "SSL_",
    "OPENSSL",
)
"""How the names of variables begin that an interpreter, the C library or a library's import may read. Who differs in
one of them needs a start of its own."""
PROGRAM = Path(__file__).with_name("program.py")
SOON = 1.0
"""Seconds that who began it waits for its end."""
MOST_WAITING = 128
STAND_IN = Path(__file__).with_name("stand_in.py")


def can_take(environment: Mapping[str, str]) -> bool:
    """Whether a command with these variables can be forked: on this system, with the usual start, and where
    WHEREIN_TEST_LONG does not want each to be begun anew."""
    wanted = "WHEREIN_TEST_LONG" not in os.environ
    return wanted and _of_the_start(environment) == _usual_start() and _can_fork_here()


@cache
def stand_in(command: Path) -> Path:
    """A command of the same name, and alone in its folder, for programs that start it themselves: what it does is done
    by a forked one, with a quarter of the processor time."""
    if "WHEREIN_TEST_LONG" in os.environ or not _can_fork_here():
        return command
    folder = Path(tempfile.mkdtemp(prefix="wherein-stand-in-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    facts = {
        "command": str(command),
        "address": _begun(),
        "read": READ_AT_START,
        "usual": _usual_start(),
    }
    words = [sys.executable, "-I", "-S", str(STAND_IN), json.dumps(facts)]
    place = folder / command.name
    place.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    place.chmod(0o755)
    return place


def start(
    command: Path, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], errors: int
) -> Forked:
    """A command with pipes as its input and output, whose errors go to a descriptor."""
    return Forked.piped(_begun(), _request(command, arguments, folder, environment), errors)


def run(
    command: Path,
    arguments: Sequence[str | bytes],
    *,
    folder: Path,
    environment: Mapping[str, str],
    given: bytes | None = None,
    timeout: float = 60,
    script: Path | None = None,
) -> "subprocess.CompletedProcess[bytes]":
    """What subprocess.run does, with `given` or, for None, nothing as input. subprocess.TimeoutExpired.

    A Python script is run instead of the command where one is named.
    """
    input_read, input_write = os.pipe() if given is not None else (os.open(os.devnull, os.O_RDONLY), None)
    output_read, output_write = os.pipe()
    error_read, error_write = os.pipe()
    until = time.monotonic() + timeout
    forked = Forked(
        _begun(),
        _request(script or command, arguments, folder, environment, "script" if script else "command"),
        (input_read, output_write, error_write),
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


def _request(
    program: Path,
    arguments: Sequence[str | bytes],
    folder: Path,
    environment: Mapping[str, str],
    task: str = "command",
) -> dict[str, object]:
    words = [str(program), *map(os.fsdecode, arguments)]
    return request_of(task, words, folder, environment, _umask())


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
    return {name: value for name, value in environment.items() if name.startswith(READ_AT_START)}


def _usual_start() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    return ours | {"LANG": "C.UTF-8"}


@cache
def _begun() -> str:
    """Where the process that forks is asked: one for all processes of a run of tests, begun by the first that asks."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}-{secrets.token_hex(8)}"
    name = f"wherein-{run}"  # not to be guessed
    address = f"\0{name}"  # without a file
    with socket.socket(socket.AF_UNIX) as asked:
        try:
            asked.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            asked.listen(MOST_WAITING)
            _begin(asked, name)
    _hold(address)
    return address


def _begin(asked: socket.socket, name: str) -> None:
    """Who asks before it is ready waits."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith(READ_AT_START)}
    process = subprocess.Popen(
        [sys.executable, "-P", PROGRAM, str(asked.fileno()), name],
        env=usual | _usual_start(),
        stdin=subprocess.DEVNULL,
        pass_fds=[asked.fileno()],
    )

    def end() -> None:
        with suppress(subprocess.TimeoutExpired):  # others of the run still need it
            process.wait(SOON)

    atexit.register(end)


def _hold(address: str) -> None:
    """It goes on until nobody holds it, and at least as long as this process."""
    held = socket.socket(socket.AF_UNIX)
    for _ in range(100):  # between the other's `bind` and its `listen`
        with suppress(ConnectionRefusedError):
            held.connect(address)
            break
        time.sleep(0.01)
    content = json.dumps({"task": "hold"}).encode()
    held.sendall(LENGTH.pack(len(content)) + content)
    assert held.recv(PIECE), (
        "the process that forks did not begin"
    )  # told when it is ready, however long that takes
    atexit.register(held.close)  # before who began it waits for its end
