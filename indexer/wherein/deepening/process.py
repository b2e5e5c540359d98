"""The process that fills the deep tier behind an editor or a watcher: JSON lines in, nothing out.

It stands further back than everything else, pauses where it is told that somebody searches or saves, and ends with the
process that began it, when all is filled, or at once: what it has stored is whole, and the next one goes on from there.
"""

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from wherein.errors import IndexMissing, WhereinError
from wherein.indexing.background import Postponed, require_mains, step_aside
from wherein.indexing.priority import FURTHEST, step_back

FAILED = 2
"""The exit code of one that need not be begun again at once."""

LOOK = 0.05
"""Seconds between two looks whether a pause is over."""


class Pauses:
    """Until when to pause, as the other side says."""

    def __init__(self) -> None:
        self._until = 0.0

    def read(self) -> None:
        """Take in what is said. The end of the input is the end of everything."""
        for line in sys.stdin.buffer:
            with suppress(ValueError, KeyError, TypeError):
                self._until = time.monotonic() + float(json.loads(line)["pause"])
        os._exit(0)

    def wait(self) -> bool:
        """Return when none goes on; never to stop."""
        while time.monotonic() < self._until:
            time.sleep(LOOK)
        return False


def leave_a_core() -> None:
    """Use all cores but one, where the system can do that: whoever searches wakes on one that is free, instead of
    taking it away from a model that has them all. A small transformer embeds 175 chunks a second on the other of two.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        with suppress(OSError):
            os.sched_setaffinity(0, cores[1:])


def main() -> int:
    """Fill what the first line says; the exit code."""
    from wherein.config.load import load_settings
    from wherein.config.locations import project_root
    from wherein.opening import open_index

    request: dict[str, Any] = json.loads(sys.stdin.buffer.readline() or b"{}")
    if not request:
        return 0
    step_aside()
    step_back(FURTHEST)
    leave_a_core()
    pauses = Pauses()
    threading.Thread(target=pauses.read, daemon=True).start()
    place = Path(os.fsdecode(bytes.fromhex(request["place"])))
    own = None if request["restricted"] else project_root(place)
    settings = load_settings(own, request["overrides"])
    try:
        require_mains(settings)
        with open_index(place, settings=settings) as index:
            index.deepen(first=request["first"], stop=pauses.wait)
    except IndexMissing:
        return 0
    except Postponed:  # as the updates before it
        return FAILED
    except WhereinError as error:
        sys.stderr.write(f"wherein: the deep tier was not filled: {error.message}\n")
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
