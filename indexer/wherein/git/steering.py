"""The files that steer git, which reads them in full, however large, and waits for them if they are pipes.

What is no plain file, or is larger than anybody writes by hand, git is not let near: a sentence names it.
"""

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from wherein.errors import NotARepository
from wherein.without_waiting import open_at_once

MOST_BYTES = 16_000_000
"""Of one file of patterns, attributes or settings. Of a thousand large repositories none has one of a megabyte."""

OWN_REFS = ("refs/bisect/", "refs/rewritten/", "refs/worktree/")
"""Of each worktree."""

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
    "shallow",
)
_NAMES = ("objects/info/alternates",)
_LARGE = ("index", "packed-refs")
"""In a git folder."""

MOST_NAMED = 100_000
"""Bytes of a file that holds an id, a name or a few: of a ref, of the folders that objects are borrowed from."""

MOST_REFS = 5
"""That name each other; git itself goes no further."""

MOST_LARGE = 2_000_000_000
"""Bytes of the large ones: twenty million entries."""


_NOTHING = Path(os.devnull).stat()


def read_steering(file: Path, *, remedy: str = "") -> str:
    """The text of a file that git reads as settings, "" if there is none. Raises NotARepository as `check` says."""
    if not check(file, remedy=remedy):
        return ""
    try:
        with open(file, "rb", opener=open_at_once) as opened:
            return os.fsdecode(opened.read(MOST_BYTES))
    except OSError as error:
        raise NotARepository(f"{file} cannot be read: {error.strerror}.") from error


def check(file: Path | str, most: int = MOST_BYTES, *, remedy: str = "") -> bool:
    """Whether git would find something to read there. Raises NotARepository if it would wait for it, or read on and
    on."""
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
        f"{file} is not a regular file, and git would wait for it.", remedy=remedy or f"remove {file}"
    )


def check_git_folder(folder: Path) -> None:
    """The files of a git folder that every command reads. Raises NotARepository."""
    for name in _SMALL:
        check(f"{folder}{os.sep}{name}")
    for name in _NAMES:
        check(f"{folder}{os.sep}{name}", MOST_NAMED)
    for name in _LARGE:
        check(f"{folder}{os.sep}{name}", MOST_LARGE)


def check_head(git_dir: Path, common_dir: Path) -> None:
    """The files that HEAD leads to, which every command reads. Raises NotARepository."""
    file = git_dir / "HEAD"
    for _ in range(MOST_REFS):
        name = read_steering(file).removeprefix("ref:").strip()
        if not name.startswith("refs/") or ".." in name or "\0" in name:
            return
        file = (git_dir if name.startswith(OWN_REFS) else common_dir) / name
        if not check(file, MOST_NAMED):
            return


def check_folders(root: Path, prefix: str = "") -> None:
    """What steers git from the root down to `prefix` ("" or ending with `/`). Raises NotARepository."""
    place = str(root)
    for part in ("", *prefix.split("/")[:-1]):
        place = f"{place}{os.sep}{part}" if part else place
        for name in IN_FOLDERS:
            check(f"{place}{os.sep}{name}")
