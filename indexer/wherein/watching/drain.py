"""Takes the system's reports, whatever else is going on, and keeps little of them.

The library that gets the reports gathers every name until it is asked. While an update takes minutes, a build may write
a million files, so a thread asks all the time: for a few files it keeps their names, for more only that there were
some.
"""

import threading
from collections.abc import Callable
from typing import Any

from wherein.git.source import MOST_TOLD
from wherein.quick_dataclass import dataclass

STEP_MS = 50
"""Reports are passed on once nothing more has happened for this long: a saved file should be found within 200 ms."""

MOST_MS = 1000
"""They are passed on after this long in any case."""

SLICE_MS = 5000
"""How long the library waits at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """A reason to look."""

    files: frozenset[str] | None
    """None: anything may have changed"""
    folders: bool = False
    """whether folders came or went, so that others have to be watched"""

    def and_then(self, other: "Told") -> "Told":
        """Both as one."""
        if self.files is None or other.files is None or len(self.files | other.files) > MOST_TOLD:
            return Told(None, self.folders or other.folders)
        return Told(self.files | other.files, self.folders or other.folders)


class Drain:
    """A thread that asks `notify`, a RustNotify; `judged` says which reason to look, if any, paths are."""

    def __init__(self, notify: Any, judged: Callable[[set[str]], Told | None]) -> None:  # noqa: ANN401 - untyped
        self._notify, self._judged = notify, judged
        self._changed = threading.Condition()
        self._kept: Told | None = None
        self._failed: Exception | None = None
        self._stop: threading.Event | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="wherein-drain", daemon=True)
        self._thread.start()

    @property
    def kept(self) -> Told | None:
        """What was reported since `next` was last called."""
        return self._kept

    def next(self, stop: threading.Event, seconds: float) -> Told | None:
        """What was reported since the last call; None if nothing was, after some seconds or when `stop` is set."""
        with self._changed:
            self._stop = stop
            self._changed.wait_for(lambda: self._kept or self._failed or stop.is_set(), seconds)
            if self._failed is not None:
                raise self._failed
            kept, self._kept, self._stop = self._kept, None, None
            return kept

    def close(self) -> None:
        """Stop watching. A second call does nothing."""
        self._closed.set()
        if self._thread is not threading.current_thread():
            self._thread.join()  # a library's thread must not outlive the interpreter

    def is_set(self) -> bool:
        """The library asks this from time to time: whether it should return."""
        stop = self._stop
        return self._closed.is_set() or (stop is not None and stop.is_set())

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                told = self._notify.watch(MOST_MS, STEP_MS, SLICE_MS, self)
                reason = self._judged({path for _, path in told}) if not isinstance(told, str) else None
            except Exception as error:
                with self._changed:
                    self._failed = error
                    self._changed.notify_all()
                return
            with self._changed:
                if reason is not None:
                    self._kept = reason if self._kept is None else self._kept.and_then(reason)
                self._changed.notify_all()
            if told == "stop":
                self._closed.wait(STEP_MS / 1000)
