"""Ctrl-C that is not lost.

Python cannot raise out of a finalizer or the callback of a weak reference: a KeyboardInterrupt that falls into one is
printed and forgotten, and the command goes on. Each thread that ends has such a callback, and each command of git has
two threads that read what it writes.
"""

import _thread
import signal
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

AGAIN_SECONDS = 0.02
"""After so long the callback is over, and nobody has waited."""


def keep_interrupts() -> None:
    """From now on an interrupt that could not be raised comes again, a moment later. Any other error that could not
    is told as before."""
    sys.unraisablehook = _unraisable


def interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """A handler for a signal that ends a command as Ctrl-C does. An Event must not be set instead: its lock may be held
    by what the signal interrupts, which is then never gone on with. KeyboardInterrupt."""
    raise KeyboardInterrupt(number)


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
