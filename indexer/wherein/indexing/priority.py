"""Puts indexing behind whoever searches, builds or types on the same machine."""

import os
from contextlib import suppress

NICENESS = 5
"""Of `wherein index`, whose user waits for it or not. An idle machine indexes as fast with any niceness."""

FURTHER = 2
"""Workers, which prepare much at once, stand so many times further back than the process that they work for. Behind
an editor's (10, so 19), on two cores that others kept busy too, the slowest hundredth of the searches took 61 ms for
84. A search in Redis beside a first index takes 20 ms (p95) with workers at 10, 14 or 19, and took twice that at 0;
beside a build that has all cores, 19 would leave them a hundredth of the time, which nobody should wait for in a
terminal."""

FURTHEST = 19


def step_back(niceness: int = NICENESS) -> None:
    """Let this process, and those that it starts from now on, run behind others, where the system can do that."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))


def step_back_further() -> None:
    """Let this worker run behind the process that started it, where that has stepped back itself."""
    if hasattr(os, "getpriority"):
        step_back(min(FURTHER * os.getpriority(os.PRIO_PROCESS, 0), FURTHEST))
