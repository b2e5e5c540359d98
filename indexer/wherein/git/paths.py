"""Paths of users, of repositories and of the disk."""

import os
from pathlib import Path
from stat import S_ISREG

from wherein.errors import ConfigError


def repository_path(root: Path, given: str | os.PathLike[str]) -> str:
    """The POSIX path relative to the root of what `given` names from the current folder; "" is the root
    itself.

    Symbolic links on the way are resolved, the last part is not: to git a link is a file of its own.
    ConfigError for what lies outside the root.
    """
    try:
        real_root, real = Path(os.path.realpath(root)), Path(os.path.realpath(given))
        folder, name = os.path.split(Path(given).absolute())
        own_name = name not in ("", ".", "..") and real != real_root
        place = Path(os.path.realpath(folder), name) if own_name else real
        return "" if place == real_root else place.relative_to(real_root).as_posix()
    except ValueError:
        raise ConfigError(f"{os.fspath(given)} is outside the repository {root}.") from None


def disk_path(root: Path, path: str) -> Path:
    """Where a path of a listing lies on disk. FileNotFoundError for what no listing could hold."""
    if not path or path.startswith("/") or "\0" in path or ".." in path.split("/"):
        raise FileNotFoundError(f"{path!r} is no path of a listing")
    return root / path


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file; OSError for anything else, a link among them. Never waits, as for a
    FIFO."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    number = os.open(path, flags)
    try:
        if not S_ISREG(os.fstat(number).st_mode):
            raise OSError(f"{path} is no regular file")
        with os.fdopen(number, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(number)


def leads_outside(root: Path, link: str) -> bool:
    """Whether a symbolic link on disk ends, or would end, outside of the root."""
    target, top = os.path.realpath(link), os.path.realpath(root)
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
