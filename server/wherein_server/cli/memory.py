"""Too little memory, told from faults of the program: libraries meet it with errors of every kind."""

import mmap
import os
import sys

from wherein import WhereinError

LEAST_BYTES = 180_000_000
"""Of address space. A search needs 185 MB; with less, libraries and threads print errors, or end the process."""

SPARE_BYTES = 32_000_000
"""What does not fit after an error was most likely its reason: a library that is loaded, or a thread's stack."""

MESSAGE = "There is not enough memory for this."
REMEDY = "end other programs, or raise the limit (ulimit -v)"


def require_room() -> None:
    """WhereinError where a limit leaves too little to begin with."""
    if os.name != "posix":
        return
    import resource

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        limit, _ = resource.getrlimit(kind)
        if limit != resource.RLIM_INFINITY and limit < LEAST_BYTES and sys.platform == "linux":
            raise WhereinError(MESSAGE, remedy=REMEDY)


def is_short() -> bool:
    """Whether this process may not have a little more."""
    try:
        mmap.mmap(-1, SPARE_BYTES).close()
    except (OSError, ValueError, MemoryError):
        return True
    return False
