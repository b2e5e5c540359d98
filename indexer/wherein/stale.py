"""Which of many clones have an index that is out of date: made by an older wherein or another model, damaged, or behind
its branch.

For a scheduled job, where CI has no push to run for: after an update of wherein, everything is stale.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from wherein.config.settings import Settings
from wherein.errors import (
    ConfigError,
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
    NotARepository,
    WhereinError,
)
from wherein.git.command import GitFailed, explained
from wherein.git.repository import Repository, find_repository
from wherein.index import Index
from wherein.opening import open_index
from wherein.quick_dataclass import dataclass

NEVER = 0.0


@dataclass(frozen=True, slots=True)
class Stale:
    """The index of a clone's branch."""

    folder: Path
    view: str
    """the branch"""
    updated: float
    """when it was last updated by this version and model; else NEVER"""
    why: str
    """what is out of date; empty if nothing is"""
    otherwise: bool = False
    """whether another version or model made it"""
    empty: bool = False
    """whether the clone has no commit yet, so that there is nothing to index"""


def clones(folders: Iterable[Path]) -> Iterator[Path]:
    """Those of the folders that are clones, including bare ones, and the clones directly in the others."""
    for folder in folders:
        if _is_clone(folder):
            yield folder
            continue
        found = False
        with suppress(OSError):
            for each in sorted(folder.iterdir()):
                if each.is_dir() and _is_clone(each):
                    found = True
                    yield each
        if not found:
            raise NotARepository(
                f"{folder} is not a clone, and contains none.", remedy="wherein repo refresh FOLDER"
            )


def look(folder: Path, settings: Settings, view: str | None) -> Stale:
    """Whether the index of a clone's branch, by default the one that is checked out, is where the branch is."""
    repository = find_repository(Path(os.path.realpath(folder)))
    if repository is None:
        raise NotARepository(f"{folder} is a clone that git cannot read.", remedy=f"git -C {folder} status")
    branch = view or _branch(repository, folder)
    if _has_nothing(repository, folder):
        return Stale(folder, branch, NEVER, "", empty=True)
    with open_index(folder, view=branch, settings=settings) as index:
        try:
            status = index.status()
        except IndexMissing:
            return Stale(folder, branch, NEVER, "is not indexed by this version")
        except IndexIncompatible as error:
            return Stale(folder, branch, NEVER, error.message, otherwise=not isinstance(error, IndexDamaged))
        return Stale(folder, branch, _updated(index), _why(status.behind, complete=status.complete))


def _why(behind: int | None, *, complete: bool) -> str:
    if not complete:
        return "was not indexed completely"
    return f"is {behind:,} {'file' if behind == 1 else 'files'} behind" if behind else ""


def _updated(index: Index) -> float:
    records = [record for record in index.views() if record.name == index.view]
    return max((record.updated for record in records), default=NEVER)


def _is_clone(folder: Path) -> bool:
    place = Path(os.path.realpath(folder))
    try:
        found = find_repository(place)
    except WhereinError:  # damaged, or another user's: `look` says what
        found = None
    if found is None:
        return _was_made_by_git(place)
    return place in (found.root, Path(os.path.realpath(found.common_dir)))


def _was_made_by_git(folder: Path) -> bool:
    return os.path.lexists(folder / ".git") or all((folder / each).is_file() for each in ("HEAD", "config"))


def _has_nothing(repository: Repository, folder: Path) -> bool:
    """Whether nothing was ever committed: there is no ref, which a lost commit would have left."""
    try:
        return not repository.git.run("for-each-ref", "--count=1", "--format=%(refname)").strip()
    except GitFailed as error:
        raise explained(error, folder) from error


def _branch(repository: Repository, folder: Path) -> str:
    try:
        return os.fsdecode(repository.git.run("symbolic-ref", "--short", "HEAD")).strip()
    except GitFailed as error:
        if "not a symbolic ref" not in str(error):
            raise explained(error, folder) from error
        raise ConfigError(f"{folder} has no branch checked out.", remedy="name one: --view BRANCH") from None
