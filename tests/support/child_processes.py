"""Which processes a process has started, and whether one has ended."""

import contextlib
import time
from pathlib import Path


def children(parent: int) -> list[int]:
    """The process ids of the Pythons among the children that still run (a server of other tests is none, nor the
    interpreter that is kept for their commands); empty where there is no /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            name, _, facts = stat.read_text().rpartition(")")
            state, of, *_ = facts.split()
            kept = b"kept_interpreter" in (stat.parent / "cmdline").read_bytes()
            if int(of) == parent and state != "Z" and "python" in name and not kept:
                found.append(int(stat.parent.name))
    return sorted(found)


def has_ended(process: int) -> bool:
    """Within a moment; a zombie has ended."""
    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False
