"""Our end of the process that fills the deep tier."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from wherein.deepening.process import FAILED
from wherein.interpreter import interpreter, running

PAUSE = 1.0
"""Seconds that the filling rests after each search or save: one is seldom the last."""

FAILED_PAUSE = 60.0
"""Seconds until it is begun again after it failed: a server that is away, a model that is not installed."""


class FillProcess:
    """One repository's; begun when it may have something to do. For any thread, and no call waits."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._not_before = 0.0

    @property
    def running(self) -> bool:
        """Whether it is at work, or pauses."""
        with self._lock:
            return self._process is not None and self._process.poll() is None

    def begin(
        self,
        place: Path,
        *,
        overrides: Mapping[str, object] | None = None,
        restricted: bool = False,
        first: Sequence[str] = (),
    ) -> None:
        """Fill what is lacking of a place, the paths of `first` before others; nothing if that goes on already. Raises
        OSError if no process can be begun."""
        with self._lock:
            if self._process is not None:
                code = self._process.poll()
                if code is None:
                    return
                self._gone()
                if code == FAILED:
                    self._not_before = time.monotonic() + FAILED_PAUSE
            if time.monotonic() < self._not_before:
                return
            options: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
            self._process = subprocess.Popen(
                running("wherein.deepening.process"),
                executable=interpreter(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                **options,
            )
            self._say(
                {
                    "place": os.fsencode(place).hex(),
                    "overrides": dict(overrides or {}),
                    "restricted": restricted,
                    "first": list(first),
                }
            )

    def pause(self, seconds: float = PAUSE) -> None:
        """Let somebody else have the machine."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._say({"pause": seconds})

    def end(self) -> None:
        """End it at once. A second call does nothing."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._gone()

    def _say(self, line: Mapping[str, object]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended
            self._process.stdin.write(json.dumps(line).encode() + b"\n")
            self._process.stdin.flush()

    def _gone(self) -> None:
        if self._process is not None:
            if self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()
            self._process.wait()
            self._process = None
