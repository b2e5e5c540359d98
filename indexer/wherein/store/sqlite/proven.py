"""Whether an index file holds what was written: checked when it is opened, and not again a moment later.

A search of all indexes of a machine opens them to list them, then to search them, and again those whose texts are
shown. Their pages are summed once: for 18 indexes with 71 MB, .36 s of a search of all instead of .41.
"""

import time
from pathlib import Path

from wherein.quick_dataclass import dataclass
from wherein.store.sqlite.sums import newer_commits, read_sums

GOOD_FOR = 60.0
"""Seconds. A process that runs for days should notice faults of a disk, not only of what was written to it."""

SETTLED = 2.0
"""Seconds. On a file system with coarse times, what was written more recently may be written again without a change of
its time."""

MOST_KNOWN = 1_000

_Stamp = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """What a file and its log were found to hold."""

    made: int
    first: int
    last: int
    """transactions, by their numbers: at least `first`, and at most `last`"""


_known: dict[Path, tuple[float, _Stamp, Proven]] = {}


def prove(path: Path, places: list[Path]) -> Proven | None:
    """What is there, by the first of some sums that fit."""
    stamp = _stamp(path)
    for place in places:
        sums = read_sums(place)
        if sums is not None and (newer := newer_commits(path, sums)) is not None:
            found = Proven(sums.made, sums.commits, sums.commits + newer)
            if stamp and stamp == _stamp(path):
                if len(_known) >= MOST_KNOWN:
                    _known.clear()
                _known[path] = time.monotonic(), stamp, found
            return found
    return None


def proven_lately(path: Path) -> Proven | None:
    """What this process has just found, if nothing was written since."""
    if path not in _known:
        return None
    at, stamp, found = _known[path]
    return found if time.monotonic() - at < GOOD_FOR and stamp == _stamp(path) else None


def _stamp(path: Path) -> _Stamp:
    """What writing changes of the file and its log; empty if that is unknown. An empty log counts as none, because
    readers create one."""
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            status = file.stat()
        except OSError:
            continue
        if status.st_size:
            found.append(
                (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
            )
            if time.time() - max(status.st_mtime, status.st_ctime) < SETTLED:
                return ()
    return tuple(found)
