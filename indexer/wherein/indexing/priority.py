"""Indexing steps back behind whoever searches, builds or types on the same machine."""

import os
from contextlib import suppress

NICENESS = 10
"""On two busy cores a search beside a first index took 23 ms (p95) with it and 48 without; an idle machine indexes as
fast. Linux's idle class (17 ms) would let an index starve behind a long build."""


def step_back() -> None:
    """Let this process, and those that it starts, run behind others. Does nothing where the system has no such thing."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, 0, max(niceness, NICENESS))
