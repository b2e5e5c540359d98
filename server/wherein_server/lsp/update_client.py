"""The server's end of the process that indexes."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from wherein import errors
from wherein.errors import WhereinError
from wherein.interpreter import interpreter, running
from wherein.status import Progress, UpdateReport

LONGEST_EVENT = 16 << 20
"""Bytes of a line that the process sends: one message may name many files."""


class UpdateProcess:
    """Starts at the first update and is kept for the next: starting takes longer than a file that was saved."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def update(
        self,
        place: Path,
        overrides: Mapping[str, object],
        *,
        restricted: bool,
        force: bool,
        files: Collection[Path] | None,
        progress: Callable[[Progress], None],
        note: Callable[[str], None],
    ) -> UpdateReport:
        """One update, of `files` alone where only those are told to have changed; `note` is told what its user should
        know. Raises WhereinError as `Index.update` raises it, also where the process ends; a cancelled call leaves the
        process at work: `kill` ends it."""
        process = self._process
        if process is None or process.returncode is not None:
            try:
                process = self._process = await self._start()
            except OSError as error:  # no memory, or too many processes
                reason = error.strerror or error
                raise WhereinError(
                    f"The process that indexes cannot be started: {reason}.",
                    remedy="wherein.reindex tries again",
                ) from None
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "place": os.fsencode(place).hex(),
            "overrides": dict(overrides),
            "restricted": restricted,
            "force": force,
            "files": None if files is None else [os.fsencode(file).hex() for file in files],
        }
        with contextlib.suppress(ConnectionError):  # it has ended: reading tells
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
        while line := await process.stdout.readline():
            if not line.endswith(b"\n"):
                break  # it was ended in the middle of one
            event: dict[str, Any] = json.loads(line)
            if "progress" in event:
                progress(Progress(**event["progress"]))
            elif "note" in event:
                note(event["note"])
            elif "report" in event:
                return UpdateReport(**event["report"])
            else:
                raise _error(**event["error"])
        self._process = None
        raise WhereinError(
            "The process that indexes ended unexpectedly.",
            remedy="wherein.reindex continues; `wherein index` in a terminal says more",
        )

    def kill(self) -> None:
        """End it at once. What it has written is whole, and the next update goes on from there."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    @staticmethod
    async def _start() -> asyncio.subprocess.Process:
        options: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
        return await asyncio.create_subprocess_exec(
            *running("wherein_server.lsp.update_process"),
            executable=interpreter(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            limit=LONGEST_EVENT,
            **options,
        )


def _error(kind: str, message: str, remedy: str) -> WhereinError:
    known = getattr(errors, kind, WhereinError)
    return known(message, remedy=remedy) if issubclass(known, WhereinError) else WhereinError(message)
