"""One process of the kept interpreter, asked for over a socket.

A request is JSON behind its length, with three descriptors: input, output and errors. Its process id comes back, and
its wait status when it has ended, a line each.
"""

import json
import os
import select
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

LENGTH = struct.Struct("!I")
PIECE = 1 << 16


class Forked:
    """A process that runs, as a subprocess.Popen would show it; its input and output are there after `piped`."""

    def __init__(self, address: str, request: Mapping[str, Any], streams: tuple[int, int, int]) -> None:
        """Takes the descriptors that the process shall have. OSError when nobody is there to fork."""
        self.args = list(request["arguments"])
        self.returncode: int | None = None
        self.stdin: BinaryIO | None = None
        self.stdout: BinaryIO | None = None
        self._told = b""
        self._waits = threading.Lock()
        self._answer = socket.socket(socket.AF_UNIX)
        try:
            self._answer.connect(address)
            content = json.dumps(request).encode()
            socket.send_fds(self._answer, [LENGTH.pack(len(content))], list(streams))
            self._answer.sendall(content)
        except BaseException:
            self._answer.close()
            raise
        finally:
            for descriptor in streams:
                os.close(descriptor)
        self.pid = int(self._line(None))

    @classmethod
    def piped(cls, address: str, request: Mapping[str, Any], errors: int) -> "Forked":
        """With pipes as its input and output, and a descriptor that stays the caller's."""
        input_read, input_write = os.pipe()
        output_read, output_write = os.pipe()
        try:
            forked = cls(address, request, (input_read, output_write, os.dup(errors)))
        except BaseException:
            os.close(input_write)
            os.close(output_read)
            raise
        forked.stdin = os.fdopen(input_write, "wb")
        forked.stdout = os.fdopen(output_read, "rb")
        return forked

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        with self._waits:
            if self.returncode is None:
                self.returncode = os.waitstatus_to_exitcode(int(self._line(timeout)))
                self._answer.close()
            return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
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


def request_of(
    task: str, arguments: Sequence[str], folder: Path | str, environment: Mapping[str, str], umask: int
) -> dict[str, Any]:
    """What a process is to be: "command" or "script" with its words, or what `nested` knows."""
    return {
        "task": task,
        "arguments": list(arguments),
        "folder": os.fsdecode(folder),
        "environment": dict(environment),
        "umask": umask,
        "niceness": os.getpriority(os.PRIO_PROCESS, 0),
    }
