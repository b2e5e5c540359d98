"""Paths of users, of repositories and of the disk."""

import os
from pathlib import Path

from wherein.errors import ConfigError
from wherein.one_form import one_form


def repository_path(root: Path, given: str | os.PathLike[str]) -> str:
    """The POSIX path relative to the root of what `given` names from the current folder; "" is the root itself.

    Symbolic links on the way are resolved, the last part is not: to git a link is a file of its own. Raises ConfigError
    for what lies outside the root.
    """
    try:
        real_root, real = Path(os.path.realpath(root)), Path(os.path.realpath(given))
        folder, name = os.path.split(Path(given).absolute())
        own_name = name not in ("", ".", "..") and real != real_root
        place = Path(os.path.realpath(folder), name) if own_name else real
        path = "" if place == real_root else place.relative_to(real_root).as_posix()
    except ValueError:
        raise ConfigError(f"{os.fspath(given)} is outside the repository {root}.") from None
    return path if path.isascii() else as_on_disk(real_root, path)


def as_on_disk(root: Path, path: str) -> str:
    """A path below the root as the disk writes its letters with accents; as given where nothing is there."""
    place = root
    for part in path.split("/"):
        if not os.path.lexists(place / part):
            try:
                with os.scandir(place) as scan:
                    names = [entry.name for entry in scan if one_form(entry.name) == one_form(part)]
            except OSError:
                return path
            if not names:
                return path
            part = names[0]
        place /= part
    return place.relative_to(root).as_posix()


def leads_outside(root: str | os.PathLike[str], path: str) -> bool:
    """Whether a symbolic link below the root ends, or would end, outside of it."""
    top = os.path.realpath(root)
    try:
        target = os.path.realpath(f"{top}{os.sep}{path}")
    except OSError:  # what was a link is none any more
        return False
    return target != top and not target.startswith(top.rstrip(os.sep) + os.sep)


def points_outside(path: str, target: str) -> bool:
    """Whether a link at `path` (POSIX, relative to a root) to `target` leads out of the root, going by names
    alone."""
    if target.startswith("/"):
        return True
    parts = path.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return True
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return False
