"""The installed `wherein`, and scripts that import it, run to their end by tests of any folder: forked from the kept
interpreter where they may be.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kept_interpreter

COMMAND = Path(sys.executable).parent / "wherein"


@dataclass
class Answer:
    """What the command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def answer(done: "subprocess.CompletedProcess[bytes]") -> Answer:
    """What a command that ended did; it never shows where it failed in its own code."""
    told = Answer(done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))
    assert "Traceback" not in told.err, told.err
    return told


def variables(**more: str) -> dict[str, str]:
    """The tester's, without those that are read at the start of an interpreter, and more."""
    read = kept_interpreter.READ_AT_START
    usual = {name: value for name, value in os.environ.items() if not name.startswith(read)}
    ours = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    return usual | ours | {"LANG": "C.UTF-8"} | more


def run_command(
    *words: str,
    folder: Path | None = None,
    environment: Mapping[str, str],
    given: str = "",
    timeout: float = 60,
    script: Path | None = None,
) -> "subprocess.CompletedProcess[str]":
    """What the command, or a script, did; the folder is this process's where none is named."""
    folder = folder or Path.cwd()
    if not kept_interpreter.can_take(environment):
        return subprocess.run(
            [sys.executable, script, *words] if script else [COMMAND, *words],
            cwd=folder,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    done = kept_interpreter.run(
        COMMAND,
        words,
        folder=folder,
        environment=environment,
        given=given.encode() if given else None,
        timeout=timeout,
        script=script,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
