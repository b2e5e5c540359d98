"""The folders of a worktree in which a change may affect what it shows."""

import os
import re
from contextlib import suppress

from wherein.errors import NotARepository
from wherein.git.beneath import Beneath
from wherein.git.checkout import TRACKED, ignored_by_git
from wherein.git.command import GitFailed, explained
from wherein.git.repository import Repository, open_repository, submodule
from wherein.git.source import Folders

_SUBMODULE = re.compile(rb"(?:\A|\0)[^ \0]+ 160000 [^\t\0]*\t([^\0]*)")
"""In what git says of its index."""


def folders_of(repository: Repository, prefix: str, *, follow: bool) -> Folders:
    """Of a worktree, or what lies below `prefix`, and of submodules where they are followed. Links are not."""
    assert repository.root is not None
    found = Folders()
    _take(repository, prefix, follow, found)
    place = repository.root
    for part in prefix.split("/")[:-1]:  # what steers, above the prefix
        found.content.append(place)
        place = place / part
    return found


def _take(repository: Repository, prefix: str, follow: bool, found: Folders) -> None:
    root = repository.root
    assert root is not None
    open_repository(repository)
    ignored = {path[:-1] for path in ignored_by_git(repository.git, prefix) if path.endswith("/")}
    try:
        tracked = repository.git.run(*TRACKED)
    except GitFailed as error:
        raise explained(error, root) from error
    git = {
        repository.git_dir,
        repository.common_dir,
        repository.git_dir / "info",
        repository.common_dir / "info",
    }
    found.git.extend(sorted(folder for folder in git if folder.is_dir()))
    submodules = {os.fsdecode(path) for path in _SUBMODULE.findall(tracked)} if follow else set()
    beneath = Beneath(root)
    pending = [prefix.rstrip("/")]
    while pending:
        inner = pending.pop()
        if inner and os.path.lexists(root / inner / ".git"):
            nested = submodule(beneath, inner) if inner in submodules else None
            if nested is not None:
                with suppress(NotARepository):  # damaged: the folders around it are still wanted
                    _take(nested, "", follow, found)
            continue
        found.content.append(root / inner)
        with suppress(OSError), os.scandir(root / inner) as scan:
            pending += [
                path
                for entry in scan
                if entry.name != ".git" and entry.is_dir(follow_symlinks=False)
                if (path := f"{inner}/{entry.name}" if inner else entry.name) not in ignored
            ]
