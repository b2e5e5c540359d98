"""Has another process parse a text, and ends that process if it takes too much.

What a grammar or a query does with 50 kB of one token takes gigabytes or hours in a single step that looks at no
deadline: only the end of a process ends it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Literal

from wherein.errors import WhereinError
from wherein.interpreter import interpreter
from wherein.parsing import frames
from wherein.parsing.frames import DONE, FAULT
from wherein.parsing.limits import LEAST_SECONDS, SECONDS_PER_CHARACTER

Task = Literal["definitions", "calls"]

WALL_SECONDS = 60.0
WALL = 20.0
"""Seconds, and multiples of the allowed processor time, after which a process that may be waiting for a core, or does
not end by itself, is ended from here."""
LOOK_SECONDS = 1.0
"""How often the clock is looked at while something is asked."""

MOST_TRIES = 3
"""A text that ends so many processes is one that no parser survives."""

_OWN_LIMITS = [-getattr(signal, name) for name in ("SIGPROF", "SIGABRT", "SIGSEGV") if hasattr(signal, name)]
"""Codes of a process that took too much. Any other may be somebody's `kill`, and the text is tried again."""


class GaveUp(Exception):
    """A text takes, or would take, far more than code ever does."""


def ask(task: Task, language: str, text: str) -> list[tuple[Any, ...]]:
    """What a task finds in a text, as the fields of chunks or of call sites. Raises GaveUp.

    One text at a time: whoever has many has processes of its own.
    """
    if not text:
        return []
    with _lock:
        try:
            how, found = _answer((task, language, text), _allowed(text))
        except BaseException:  # what a process answers now would be taken for the answer to something else
            _drop()
            raise
    if how == FAULT:
        raise RuntimeError(found)
    if how != DONE:
        raise GaveUp
    answer: list[tuple[Any, ...]] = found
    return answer


def warm(task: Task, language: str) -> None:
    """Let the process begin, and make ready for texts of a language, while this one does something else."""
    with _lock, contextlib.suppress(OSError):  # the next text begins another one
        _running().send((task, language, ""))


def end() -> None:
    """End the process; the next text begins another one."""
    with _lock:
        _drop()


def _answer(request: tuple[str, str, str], seconds: float) -> tuple[int, Any]:
    starts = 0
    for _ in range(MOST_TRIES):
        with contextlib.suppress(OSError):  # no process can be begun now
            process = _running()
            try:
                return process.ask(request, seconds)
            except (OSError, EOFError):
                _drop()
                if process.overdue or process.code in _OWN_LIMITS:
                    raise GaveUp from None
                starts += process.ready
    if starts:
        raise GaveUp
    raise WhereinError(
        "The process that parses code exits as soon as it starts; the machine may be out of memory.",
        remedy="try again when less is running",
    )


def _allowed(text: str) -> float:
    """Seconds by the clock."""
    return WALL_SECONDS + WALL * (LEAST_SECONDS + SECONDS_PER_CHARACTER * len(text))


class _Process:
    """One process, its pipes, and the clock that is looked at while it works."""

    def __init__(self) -> None:
        # -P and absolute entries: the current folder, which is a stranger's repository, stays off the import path
        path = [entry for entry in sys.path if Path(entry).is_absolute()]
        options = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
        self._process = subprocess.Popen(
            [sys.executable, *options, "-c", _BEGIN, *path],
            executable=interpreter(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for this process alone
        )
        self.ready = False
        self.overdue = False
        self._deadline = float("inf")
        self._asked = threading.Event()
        threading.Thread(target=self._watch, name="wherein-parser", daemon=True).start()

    @property
    def code(self) -> int | None:
        """What it ended with."""
        return self._process.poll()

    def send(self, request: tuple[str, str, str]) -> None:
        """Raises OSError if the process has ended."""
        assert self._process.stdin is not None
        frames.write(self._process.stdin, request)

    def ask(self, request: tuple[str, str, str], seconds: float) -> tuple[int, Any]:
        """Its answer; raises OSError or EOFError if it ends instead, by itself or because the time is over."""
        assert self._process.stdout is not None
        self._deadline = time.monotonic() + seconds
        if not self._asked.is_set():
            self._asked.set()
        self.send(request)
        if not self.ready:
            frames.read(self._process.stdout)
            self.ready = True
        answer: tuple[int, Any] = frames.read(self._process.stdout)
        self._deadline = float("inf")
        return answer

    def close(self) -> None:
        """End it and release what it leaves."""
        self._process.kill()
        self._process.wait()
        self._deadline = 0.0
        self._asked.set()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written has no reader any more
                    pipe.close()

    def _watch(self) -> None:
        """Sleeps until something is asked; then looks at the clock now and then, not to be woken by each text."""
        while self._process.returncode is None:
            self._asked.wait()
            time.sleep(LOOK_SECONDS)
            if time.monotonic() > self._deadline:
                self.overdue = self._deadline > 0.0
                self._process.kill()
                return
            self._asked.clear()
            if self._deadline != float("inf"):
                self._asked.set()


_BEGIN = "import gc, sys; gc.disable(); sys.path[:] = sys.argv[1:]; from wherein.parsing.process import main; main()"
"""Looking for cycles while it imports would take a twentieth of its beginning."""
_lock = threading.Lock()
_process: _Process | None = None


def _running() -> _Process:
    global _process
    if _process is None:
        _process = _Process()
    return _process


def _drop() -> None:
    global _process
    if _process is not None:
        _process.close()
    _process = None


def _forget() -> None:
    """In a forked child it is the parent's."""
    global _process, _lock
    _process, _lock = None, threading.Lock()


atexit.register(end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
