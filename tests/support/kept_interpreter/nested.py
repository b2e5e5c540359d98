"""What a forked command forks in its turn, where one that is begun anew begins interpreters: the processes that parse
or prepare files, and the one that indexes for a language server.

They are no children of the command, whose threads must not fork: a test that looks for its children begins it anew.
"""

import asyncio
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kept_interpreter.asking import Forked, request_of
from wherein.indexing import worker, workers
from wherein.parsing import bounded, process
from wherein_server.lsp import update_client, update_process


def _prepare() -> None:
    try:
        worker.main()
    except BrokenPipeError:  # who asked has ended
        os._exit(0)


TASKS = {"parse": process.main, "prepare": _prepare, "update": update_process.main}


def fork_from(address: str) -> None:
    """Let the commands that are forked from this process ask there."""

    def asked(task: str, errors: int, environment: Mapping[str, str] = os.environ) -> Forked:
        folder = f"/proc/{os.getpid()}/cwd"  # which may have been deleted
        return Forked.piped(address, request_of(task, (), folder, environment, _umask()), errors)

    def parser(*_command: object, **_options: object) -> Forked:
        with open(os.devnull, "wb") as errors:  # noqa: PTH123
            return asked("parse", errors.fileno())

    def preparer(*_command: object, env: Mapping[str, str], **_options: object) -> Forked:
        return asked("prepare", 2, env)

    async def start() -> Any:
        return await _for_a_loop(asked("update", 2))

    bounded.subprocess = SimpleNamespace(  # type: ignore[assignment]
        Popen=parser, PIPE=subprocess.PIPE, DEVNULL=subprocess.DEVNULL
    )
    workers.subprocess = SimpleNamespace(Popen=preparer, PIPE=subprocess.PIPE)  # type: ignore[assignment]
    update_client.UpdateProcess._start = staticmethod(start)  # type: ignore[method-assign]


class _ForALoop:
    """As asyncio shows a process, as far as it is used."""

    def __init__(self, forked: Forked, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
        self._forked, self.stdin, self.stdout, self.pid = forked, writer, reader, forked.pid

    @property
    def returncode(self) -> int | None:
        return self._forked.poll()

    def kill(self) -> None:
        self._forked.kill()


async def _for_a_loop(forked: Forked) -> _ForALoop:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=update_client.LONGEST_EVENT)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), forked.stdout)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, forked.stdin)
    return _ForALoop(forked, asyncio.StreamWriter(transport, protocol, None, loop), reader)


def _umask() -> int:
    """Without a moment in which another thread would see another one."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("\nUmask:")[2].split()[0], 8)
