"""What a parsing process may use, and its end if it uses more."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_SECONDS = 0.5
SECONDS_PER_CHARACTER = 3e-6
"""Processor time for a text. Of 37 MB of real code a character took 0.15 us, in the worst file 1 us."""

MOST_MEMORY = 768 << 20
"""Bytes of address space. A megabyte of real code, the largest file that is indexed by default, takes a third of it."""


def make_mortal() -> None:
    """A parser that may not allocate aborts; no core is written of it (0 would still call a crash reporter, 1 does
    not). The signal of `limited` ends this process whatever its parent does with that. Windows has none of this."""
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    with contextlib.suppress(ValueError, OSError):  # there is a lower one, or none can be set
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def bound_memory() -> None:
    """For good: of a process that does nothing else than to parse."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


@contextlib.contextmanager
def limited(characters: int) -> Iterator[None]:
    """End this process when it has worked too long at a text. A parser looks at no flag: only a signal that nothing
    handles ends it in time. Where there is none, the other process's clock does."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, LEAST_SECONDS + SECONDS_PER_CHARACTER * characters)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def address_space() -> int:
    """Bytes that this process has of it now; 0 if that cannot be told."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not imported
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
