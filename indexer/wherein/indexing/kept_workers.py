"""Worker processes that one update leaves to the next update of the same process.

A worker needs a third of a second of processor time before its first file: it imports, and compiles the query of each
language that it meets. Who indexes many repositories, as `wherein` does for a folder of them, pays that once.
"""

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from wherein.indexing.workers import Workers, startup

KEPT_SECONDS = 10.0
"""Idle workers end after this; each holds 130 MB after four repositories, up to 230 MB after 32. What one process does
by itself is no reason to keep them for longer: files that are saved every few seconds kept two, 150 MB, for hours."""

Kept = tuple[Workers, threading.Timer, float]
"""With the time at which they end."""

_lock = threading.Lock()
_kept: Kept | None = None


def waiting(count: int, model: str | None) -> bool:
    """Whether such workers wait for work."""
    kept = _kept
    return kept is not None and kept[0].fit(count, startup(model))


@contextmanager
def workers(count: int, model: str | None, *, little: bool = False) -> Iterator[Workers]:
    """`count` workers for one update: those that wait, else new ones. What goes wrong ends them. With `little` to
    do, those that wait end when they would have."""
    borrowed, until = _take(count, model) or (Workers(count, model), 0.0)
    try:
        yield borrowed
    except BaseException:
        borrowed.close()
        raise
    now = time.monotonic()
    _keep(borrowed, until if little and until else now + KEPT_SECONDS)


def end() -> None:
    """End the workers that wait."""
    if (kept := _taken()) is not None:
        kept[0].close()


def _take(count: int, model: str | None) -> tuple[Workers, float] | None:
    kept = _taken()
    if kept is None:
        return None
    found, _, until = kept
    if found.fit(count, startup(model)):
        return found, until
    found.close()
    return None


def _keep(borrowed: Workers, until: float) -> None:
    """They take the place of others that wait: two updates at once have workers each."""
    global _kept
    end()
    left = until - time.monotonic()
    if not borrowed.idle or left <= 0:
        borrowed.close()
        return
    timer = threading.Timer(left, _end_if, (borrowed,))
    timer.daemon = True
    with _lock:
        before, _kept = _kept, (borrowed, timer, until)
        timer.start()
    if before is not None:
        before[1].cancel()
        before[0].close()


def _taken(only: Workers | None = None) -> Kept | None:
    global _kept
    with _lock:
        if _kept is None or only not in (None, _kept[0]):
            return None
        found, _kept = _kept, None
    found[1].cancel()
    return found


def _end_if(only: Workers) -> None:
    if (kept := _taken(only)) is not None:
        kept[0].close()


def _forget() -> None:
    """In a forked child they are the parent's."""
    global _kept, _lock
    _kept, _lock = None, threading.Lock()


atexit.register(end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
