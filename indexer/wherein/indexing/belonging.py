"""Which folder and repository the remembered data of a view's files belongs to, so that it is deleted with them; for
50,000 files it is 8 MB.

All files of one view begin with one name, that of `cache_name`; beside them one ends with `.of` and says where the view
lies and what its repository is called. Losing any of them costs time only.
"""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.git.stamps import cache_name

FOLDER = "stamps"
"""In the data folder."""

_OF = ".of"

_OURS = re.compile(r"\.?([0-9a-f]{20})[-.]")
"""What the name of each of the files begins with, and of one that is being written."""


def note(data_dir: Path, view: str, place: Path, repository: str) -> None:
    """Say where a view lies. With the first of its files what nobody needs goes."""
    file = data_dir / FOLDER / f"{cache_name(view)}{_OF}"
    said = os.fsencode(f"{place}\0{repository}")
    with suppress(OSError):
        try:
            if private.read(file) == said:
                return
        except FileNotFoundError:
            pass
        private.folder(file.parent)
        private.write(file, said)
        forget_gone(data_dir)


def forget_gone(data_dir: Path) -> None:
    """Delete what is remembered of folders that are gone, and what does not say whose it is."""
    _forget(data_dir, lambda place, _: not os.path.lexists(place))


def forget(data_dir: Path, repository: str) -> None:
    """Delete what is remembered of a repository."""
    _forget(data_dir, lambda _, of: of == repository)


def _forget(data_dir: Path, goes: Callable[[str, str], bool]) -> None:
    folder = data_dir / FOLDER
    with suppress(OSError):
        for files in _by_view(folder.iterdir()):
            place, _, repository = _said(files).partition("\0")
            if not place or goes(place, repository):
                for file in files:
                    with suppress(OSError):
                        file.unlink()


def _by_view(files: Iterable[Path]) -> list[list[Path]]:
    found: dict[str, list[Path]] = {}
    for file in files:
        # Nothing else goes: the folder may hold other things, or lead elsewhere.
        if ours := _OURS.match(file.name):
            found.setdefault(ours[1], []).append(file)
    return list(found.values())


def _said(files: list[Path]) -> str:
    for file in files:
        if file.name.endswith(_OF):
            with suppress(OSError):
                return os.fsdecode(private.read(file))
    return ""
