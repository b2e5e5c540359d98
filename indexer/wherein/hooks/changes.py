"""What is to be written, so that it can be shown first."""

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass

EXECUTABLE = 0o755


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is done to one place."""

    path: Path
    action: str
    """in words: what becomes of the place"""
    do: Callable[[], object]


def apply(changes: Iterable[Change]) -> None:
    """Do them in their order. Raises ConfigError if the system refuses one; what was done before it stays, and can be
    done again."""
    for change in changes:
        try:
            change.do()
        except OSError as error:
            raise ConfigError(f"{change.path} cannot be changed: {error.strerror or error}.") from error


def write(path: Path, content: bytes, action: str, *, mode: int = EXECUTABLE) -> Change:
    """A whole file put in the place of what was there, which other links to it do not see."""

    def do() -> None:
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            fresh.unlink(missing_ok=True)
            with fresh.open("xb") as file:  # through no link that somebody has put there
                file.write(content)
            fresh.chmod(mode)
            if path.exists():
                with suppress(OSError):  # as root, another user's file stays his
                    shutil.chown(fresh, path.stat().st_uid, path.stat().st_gid)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    return Change(path, action, do)


def rename(path: Path, target: Path, action: str) -> Change:
    """A file or link given another name; what had that name is gone."""
    return Change(path, action, lambda: path.replace(target))


def link(path: Path, target: str, action: str) -> Change:
    """A symbolic link, with the folder that it lies in."""

    def do() -> None:
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)

    return Change(path, action, do)


def make_folder(path: Path) -> Change:
    """An empty folder."""
    return Change(path, "made", lambda: path.mkdir(parents=True, exist_ok=True))


def remove(path: Path) -> Change:
    """A file that goes."""
    return Change(path, "removed", lambda: path.unlink(missing_ok=True))


def remove_if_empty(path: Path) -> Change:
    """A folder that goes where nothing is left in it."""

    def do() -> None:
        with suppress(OSError):
            path.rmdir()

    return Change(path, "removed if empty", do)
