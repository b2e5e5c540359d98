"""Tells too little memory from faults of the program: libraries report it by errors of every kind."""

import mmap
import sys

from wherein import WhereinError

LEAST_BYTES = 180_000_000
"""Of address space. A search needs 185 MB; with less, libraries and threads print errors, or end the process."""

ALL_CHECKS_BYTES = 400_000_000
"""Of address space, for `wherein doctor`, which loads every grammar."""

SPARE_BYTES = 32_000_000
"""What does not fit after an error was most likely its reason: a library that is loaded, or a thread's stack."""

MESSAGE = "There is not enough memory for this."
REMEDY = "end other programs, or raise the limit (ulimit -v)"


def require_room() -> None:
    """Raises WhereinError if a limit leaves too little to begin with."""
    if limit() < LEAST_BYTES:
        raise WhereinError(MESSAGE, remedy=REMEDY)


def limit() -> int:
    """Bytes that this process may have; a very large number where nothing limits it, or the system does not tell."""
    if sys.platform != "linux":
        return sys.maxsize
    import resource

    limits = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
    return min([each for each in limits if each != resource.RLIM_INFINITY], default=sys.maxsize)


def is_short() -> bool:
    """Whether this process may not have a little more."""
    try:
        mmap.mmap(-1, SPARE_BYTES).close()
    except (OSError, ValueError, MemoryError):
        return True
    return False
