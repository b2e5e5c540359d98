"""Paths as users type and read them ↔ paths of the index."""

import os
import posixpath
from contextlib import suppress
from pathlib import Path, PurePath

from wherein.errors import ConfigError
from wherein_server.cli.sanitize import piped_back


def relative_path(typed: str, repo: Path | None, root: Path | None) -> str:
    """POSIX path relative to the repository's root.

    What users type is absolute, relative to the folder they speak of, or, copied from a result, relative to the root.
    Raises ConfigError for a path outside the repository.
    """
    typed = piped_back(typed)
    if not typed or "\0" in typed:
        raise ConfigError(f"{typed!r} is not a path.")
    if root is None:  # a ref of a bare repository: there is nothing to stand in
        return PurePath(typed).as_posix()
    from wherein.git.paths import repository_path

    here = (repo or Path()) / typed
    if not os.path.lexists(here) and os.path.lexists(root / typed):
        return repository_path(root, root / typed)
    return repository_path(root, here)


def standpoint(repo: Path | None, root: Path | None) -> str:
    """Where in the repository the user stands, as a path of the index; "" at its root and outside.

    Only for a user who did not name another folder: paths are then shown as an editor started here opens them.
    """
    if repo is not None or root is None:
        return ""
    try:
        here, top = Path.cwd(), root.resolve()
    except FileNotFoundError:
        return ""
    return here.relative_to(top).as_posix().removeprefix(".") if here.is_relative_to(top) else ""


def seen_from(path: str, standpoint: str) -> str:
    """A path of the index, relative to the standpoint."""
    return posixpath.relpath(path, standpoint) if standpoint else path


def from_here(path: Path) -> str:
    """A path on this machine: relative to the current folder when it lies below, else absolute."""
    absolute = path.absolute()
    try:
        here = Path.cwd()
    except FileNotFoundError:  # nothing lies below a folder that is gone
        return absolute.as_posix()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


def split_place(place: str) -> tuple[str, int] | None:
    """`a.py:12`, also with the column that other tools print: `a.py:12:3`; None for what is no place."""
    pieces = place.split(":")
    numbers = [piece for piece in pieces[1:] if piece.isascii() and piece.isdigit()]
    for cut in (2, 1):
        if len(pieces) > cut and len(numbers) >= cut and all(p.isdigit() for p in pieces[-cut:]):
            line = int(pieces[-cut])
            if line < 1:
                raise ConfigError("Lines are counted from 1.", remedy="name a line as in src/auth.py:88")
            return ":".join(pieces[:-cut]), line
    return None


def is_file(typed: str, repo: Path | None, root: Path | None) -> bool:
    """Whether what was typed names a file that is there."""
    typed = piped_back(typed)
    if "\0" in typed:
        return False
    places = [(repo or Path()) / typed, *([root / typed] if root else [])]
    if root is not None and not typed.isascii():
        with suppress(ConfigError):
            places.append(root / relative_path(typed, repo, root))
    return any(map(is_a_file, places))


def is_a_file(place: Path) -> bool:
    """Whether there is one. What no file system takes for a name, such as one that is too long, names none."""
    try:
        return place.is_file()
    except OSError:
        return False
