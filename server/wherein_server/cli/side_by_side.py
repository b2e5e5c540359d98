"""Runs checks that may not answer side by side, within a time limit for all."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class SideBySide(Generic[T]):
    """Each look goes on in a thread of its own, and notes what it finds; what was found until the end is told."""

    def __init__(self, seconds: float) -> None:
        """`seconds` that they have, from now."""
        self._end = time.monotonic() + seconds
        self._begun: dict[str, tuple[threading.Thread, list[T]]] = {}

    def give(self, seconds: float) -> None:
        """Let them have so many seconds from now, if that is more than they had."""
        self._end = max(self._end, time.monotonic() + seconds)

    def begin(self, name: str, look: Callable[[list[T]], object]) -> None:
        """Let `look` add what it finds to a list."""
        found: list[T] = []
        thread = threading.Thread(target=look, args=(found,), daemon=True, name=f"wherein-{name}")
        self._begun[name] = thread, found
        thread.start()

    def found(self, name: str) -> tuple[Sequence[T], bool]:
        """What a look has found, and whether it came to its end; waited for as long as there is time."""
        thread, found = self._begun[name]
        thread.join(max(0.0, self._end - time.monotonic()))
        ended = not thread.is_alive()
        return tuple(found), ended
