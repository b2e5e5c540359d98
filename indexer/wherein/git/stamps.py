"""Remembering the ids of files that git has no id for, so that they are read only when they change."""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

RACY_NS = 2_000_000_000
"""A file written to this recently is not remembered: it could change again without its numbers changing. The
coarsest clock of a file system in use ticks every two seconds."""

Stamp = tuple[int, int, int, int]
"""mtime and ctime in nanoseconds, size in bytes, inode"""


class StampCache:
    """Path → id of a view's untracked and changed files, kept in one file. Losing it costs time only."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._known = _load(file)
        self._used: dict[str, tuple[Stamp, str]] = {}
        self._horizon = time.time_ns() - RACY_NS

    def get(self, path: str, status: os.stat_result) -> str | None:
        """The id under which a file with these numbers was remembered."""
        known = self._known.get(path)
        if known is None or known[0] != _stamp(status):
            return None
        self._used[path] = known
        return known[1]

    def put(self, path: str, status: os.stat_result, blob: str) -> None:
        """Remember an id; `status` was taken before the file was read."""
        if max(status.st_mtime_ns, status.st_ctime_ns) < self._horizon:
            self._used[path] = (_stamp(status), blob)

    def save(self) -> None:
        """Write what was got or put since this was made, and forget the rest."""
        if self._file is None or self._used == self._known:
            return
        scratch = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_text(json.dumps([[path, *used] for path, used in self._used.items()]))
            scratch.replace(self._file)
            return
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def open_stamps(folder: Path | None, view: str) -> StampCache:
    """The cache of a view in the folder for all of them; one that keeps nothing where there is no folder."""
    name = hashlib.sha256(os.fsencode(view)).hexdigest()[:20]
    return StampCache(folder / f"{name}.json" if folder else None)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _load(file: Path | None) -> dict[str, tuple[Stamp, str]]:
    if file is None:
        return {}
    try:
        return {
            str(path): ((int(mtime), int(ctime), int(size), int(inode)), str(blob))
            for path, (mtime, ctime, size, inode), blob in json.loads(file.read_text())
        }
    except (OSError, ValueError, TypeError):
        return {}
