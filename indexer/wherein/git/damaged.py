"""Remembers which objects of a repository could not be read, so that a listing leaves out what needs them."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from wherein import private


class Damaged:
    """Ids of objects, kept in a file of a line each. Losing it costs an update that finds them again."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._ids: set[str] = set()
        with suppress(OSError, ValueError):
            self._ids = set(private.read(file).decode("ascii").split()) if file else set()

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def add(self, name: str) -> None:
        """Remember one."""
        if name not in self._ids:
            self._ids.add(name)
            self._save()

    def discard(self, name: str) -> None:
        """Forget one that can be read again."""
        if name in self._ids:
            self._ids.remove(name)
            self._save()

    def _save(self) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            private.folder(self._file.parent)
            private.write(self._file, "".join(f"{name}\n" for name in sorted(self._ids)).encode("ascii"))


def open_damaged(folder: Path | None, common_dir: Path) -> Damaged:
    """Those of a repository, in a folder for all; remembered by the object alone where there is not a folder."""
    name = hashlib.sha256(os.fsencode(common_dir)).hexdigest()[:20]
    return Damaged(folder / f"{name}.damaged" if folder else None)
