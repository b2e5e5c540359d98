"""The files that steer git: read whole by it, however large, and waited for where they are pipes.

What is no plain file, or is larger than anybody writes by hand, git is not let near: a sentence names it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from wherein.errors import NotARepository

MOST_BYTES = 16_000_000
"""Of one file of patterns, attributes or settings. Of a thousand large repositories none has one of a megabyte."""

LOOK_SECONDS = 20.0
"""So long it is looked through a worktree for what git waits for."""

IN_FOLDERS = (".gitignore", ".gitattributes")

_SMALL = (
    "config",
    "config.worktree",
    "HEAD",
    "commondir",
    "gitdir",
    "info/exclude",
    "info/attributes",
    "info/grafts",
    "info/sparse-checkout",
    "objects/info/alternates",
    "shallow",
)
_LARGE = ("index", "packed-refs")
"""In a git folder. The large ones need only be files."""

_NOTHING = Path(os.devnull).stat()


def read_steering(file: Path, *, remedy: str = "") -> str:
    """The text of a file that git reads as settings, "" where there is none. NotARepository as `check` says."""
    if not check(file, remedy=remedy):
        return ""
    try:
        with file.open("rb") as opened:
            return os.fsdecode(opened.read(MOST_BYTES))
    except OSError as error:
        raise NotARepository(f"{file} cannot be read: {error.strerror}.") from error


def check(file: Path | str, most: int = MOST_BYTES, *, remedy: str = "") -> bool:
    """Whether git would find something to read there. NotARepository where it would wait for it, or read on and on."""
    try:
        status = os.stat(file)  # noqa: PTH116 - for every listing many times: no Path
    except (OSError, ValueError):
        return False
    if S_ISREG(status.st_mode):
        if status.st_size <= most:
            return True
        raise NotARepository(
            f"{file} has {status.st_size:,} bytes, and git would read all of them.",
            remedy=remedy or f"remove or shorten {file}",
        )
    if S_ISDIR(status.st_mode) or os.path.samestat(status, _NOTHING):
        return False
    raise NotARepository(
        f"{file} is no regular file, and git would wait for it.", remedy=remedy or f"remove {file}"
    )


def check_git_folder(folder: Path) -> None:
    """The files of a git folder that every command reads. NotARepository."""
    for name in _SMALL:
        check(f"{folder}{os.sep}{name}")
    for name in _LARGE:
        check(f"{folder}{os.sep}{name}", 1 << 62)


def check_folders(root: Path, prefix: str = "") -> None:
    """What steers git from the root down to `prefix` ("" or ending with `/`). NotARepository."""
    place = str(root)
    for part in ("", *prefix.split("/")[:-1]):
        place = f"{place}{os.sep}{part}" if part else place
        for name in IN_FOLDERS:
            check(f"{place}{os.sep}{name}")


def look_everywhere(root: Path) -> None:
    """Look through a worktree, for some seconds, for what git may be waiting for. NotARepository where it is found."""
    until = time.monotonic() + LOOK_SECONDS
    for folder in _folders(str(root)):
        for name in IN_FOLDERS:
            check(f"{folder}{os.sep}{name}")
        check(f"{folder}{os.sep}.git")
        check(f"{folder}{os.sep}.git{os.sep}HEAD")
        if time.monotonic() > until:
            return


def _folders(root: str) -> Iterator[str]:
    pending = [root]
    while pending:
        folder = pending.pop()
        yield folder
        with suppress(OSError), os.scandir(folder) as scan:
            pending += [
                entry.path for entry in scan if entry.name != ".git" and entry.is_dir(follow_symlinks=False)
            ]
