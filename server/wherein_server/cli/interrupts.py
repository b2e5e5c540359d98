"""Ctrl-C is never lost, and the program does end.

Python cannot raise out of a finalizer or the callback of a weak reference: a KeyboardInterrupt that falls into one is
printed and forgotten, and the command goes on. Each thread that ends has such a callback, and each command of git has
two threads that read what it writes.

And wherever it falls it may leave a lock of Python's own taken, between two of its steps: of a condition that a thread
is woken by, of the future whose answer is waited for. Then a thread never ends that is waited for at the end.
"""

import _thread
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

AGAIN_SECONDS = 0.02
"""After so long the callback is over, and nobody has waited."""

LATEST = 4.0
"""Seconds that a command has to end in order; most are done in half a second, and on a busy machine in one. What is
written is whole at every moment, and the processes that work for it end with their pipes."""


def keep_interrupts() -> None:
    """From now on an interrupt that could not be raised comes again, a moment later. Any other error that could not
    is told as before."""
    sys.unraisablehook = _unraisable


def interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """A handler for a signal that ends a command as Ctrl-C does. An Event must not be set instead: its lock may be held
    by what the signal interrupts, which is then never gone on with. Raises KeyboardInterrupt."""
    raise KeyboardInterrupt(number)


def was_interrupted(error: BaseException) -> bool:
    """Whether an error is what became of an interrupt: of one that falls between two steps of a lock Python complains
    that the lock is not held, and the complaint takes its place."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, KeyboardInterrupt):
        cause = cause.__context__
    return cause is not None


def end_at_latest(code: int, seconds: float = LATEST) -> None:
    """From now on the process ends after some seconds, if it has not by itself. For a handler of a signal, too."""
    _thread.start_new_thread(_end, (code, seconds))


def _end(code: int, seconds: float) -> None:
    time.sleep(seconds)
    git = sys.modules.get("wherein.git.running")  # importing may wait for what was interrupted
    if git is not None:
        git.leave(code)
    os._exit(code)


def _unraisable(error: "sys.UnraisableHookArgs") -> None:
    if not issubclass(error.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(error)
        return
    known = error.exc_value.args if error.exc_value is not None else ()
    _thread.start_new_thread(_again, (known[0] if known else signal.SIGINT,))


def _again(number: int) -> None:
    time.sleep(AGAIN_SECONDS)
    if hasattr(signal, "pthread_kill") and (main := threading.main_thread().ident) is not None:
        signal.pthread_kill(main, number)  # which also ends a wait for a lock
    else:
        _thread.interrupt_main(signal.Signals(number))
