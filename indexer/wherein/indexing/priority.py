"""Indexing steps back behind whoever searches, builds or types on the same machine."""

import os
from contextlib import suppress

NICENESS = 19
"""A search in Redis beside a first index, on two cores, took 48 ms (p95) without, 27 with 10 and 22 with 19. Linux's
idle class (17) would let an index starve behind a long build. An idle machine indexes as fast with any."""


def step_back(niceness: int = NICENESS) -> None:
    """Let this process, and those that it starts from now on, run behind others, where the system can do that."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
