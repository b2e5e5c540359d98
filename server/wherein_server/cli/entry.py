"""Where the command begins. While it loads, Ctrl-C ends it silently, as it ends most programs, and the collector of
object cycles is off."""

import gc
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _quietly_interrupted() -> "Iterator[None]":
    loads = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else somebody wants it ignored
    if loads:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    yield
    if loads:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def run() -> NoReturn:
    """Run the command line and exit."""
    gc.disable()
    with _quietly_interrupted():
        from wherein_server.cli.main import run as loaded
    loaded()
