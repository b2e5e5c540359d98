"""Why a git that takes long may never end: looked for in the repository's files, once it takes long."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from wherein.git.steering import IN_FOLDERS, MOST_BYTES, MOST_NAMED, check, read_steering

LOOK_SECONDS = 20.0
"""So long it is looked, at most."""

MANY_STARS = 4
"""In one pattern. git tries every way to spread a path over them: with five and a path of 300 folders, for minutes.
Patterns with three are common, with four hardly known."""

_ANY_SIZE = 1 << 62

_STARS = re.compile(r"\*+")

_PATTERNS = (*IN_FOLDERS, "exclude", "attributes", "sparse-checkout")
"""Files of patterns, in the worktree and in git's own folder."""


def hang_cause(root: Path, *, worktree: bool) -> str:
    """A pattern over which git may never end, as `FILE: PATTERN`; "" if there is none.

    `root` is a worktree or a git folder. Raises NotARepository if there is something for which git waits.
    """
    until = time.monotonic() + LOOK_SECONDS
    found = ""
    for folder, names in _folders(str(root)):
        of_git = not worktree or f"{os.sep}.git{os.sep}" in f"{folder}{os.sep}"
        for name in names:
            if of_git or name in IN_FOLDERS or name == ".git":
                refs = of_git and f"{os.sep}refs{os.sep}" in f"{folder}{os.sep}"
                most = MOST_NAMED if refs else _ANY_SIZE if of_git else MOST_BYTES
                check(f"{folder}{os.sep}{name}", most)
            if name in _PATTERNS and not found:
                found = _endless(Path(folder, name))
        if time.monotonic() > until:
            break
    return found


def _endless(file: Path) -> str:
    for line in read_steering(file).splitlines():
        pattern = line.split(maxsplit=1)[0] if line.strip() else ""
        if not pattern.startswith("#") and len(_STARS.findall(pattern)) >= MANY_STARS:
            return f"{file}: {pattern}"
    return ""


def _folders(root: str) -> Iterator[tuple[str, list[str]]]:
    """Each folder below, with the names of what else lies in it."""
    pending = [root]
    while pending:
        folder = pending.pop()
        names: list[str] = []
        with suppress(OSError), os.scandir(folder) as scan:
            for entry in scan:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    names.append(entry.name)
        yield folder, names
