"""Indexing that nobody waits for, from a hook or a watcher: at a low priority, on one core, not on battery."""

import os
import subprocess
import sys
from contextlib import suppress

from wherein.config.settings import Settings
from wherein.errors import WhereinError
from wherein.indexing.priority import step_back
from wherein.on_path import on_path
from wherein.power import on_battery

NICENESS = 10
"""As an editor's updates. A search that comes meanwhile answers from what was there before, so it must not last for
ever either: a changed file took 1.6 s with it on two busy cores, with 19 it took 4.2."""

ONE_CORE = 0
"""For `Index.update(processes=…)`: no workers. What parses is another process, but the two take turns."""

_DARWIN_PROCESS, _DARWIN_BACKGROUND = 4, 0x1000
"""PRIO_DARWIN_PROCESS and PRIO_DARWIN_BG of macOS: few cores, slow input and output."""


class Postponed(WhereinError):
    """It is not done now, for a reason that is no fault."""


def step_aside() -> None:
    """Let this process, and what it starts, have the processor and the disk when others leave them, where the system
    can do that."""
    step_back(NICENESS)
    if sys.platform == "darwin":
        with suppress(OSError):
            os.setpriority(_DARWIN_PROCESS, 0, _DARWIN_BACKGROUND)
    elif ionice := on_path("ionice"):  # Python knows no call for it
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [ionice, "-c", "3", "-p", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=5,
                check=False,
            )


def require_mains(settings: Settings) -> None:
    """Raises Postponed if this machine runs on its battery, and its user did not ask for it all the same."""
    if not settings.background.on_battery and on_battery():
        raise Postponed("this machine is running on battery.", remedy="background.on_battery = true")
