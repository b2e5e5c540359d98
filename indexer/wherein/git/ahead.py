"""How far a clone's branch has moved on since a commit, as far as git knows."""

import re
from contextlib import suppress
from pathlib import Path

from wherein.errors import NotARepository
from wherein.git.command import GitFailed
from wherein.git.repository import Repository, find_repository, open_repository
from wherein.quick_dataclass import dataclass

MOST_COUNTED = 1000

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where a branch is."""

    commit: str
    count: int | None
    """commits of it that the older one does not have, MOST_COUNTED at most; None if git does not know that one"""


def ahead(folder: Path, branch: str, since: str | None) -> Ahead | None:
    """Where a branch is, or without a name whatever is checked out in the folder, and how far from a commit. None if
    there is no such branch, or git cannot be asked: three processes, some 10 ms."""
    with suppress(NotARepository, GitFailed, OSError):
        repository = find_repository(folder)
        if repository is None:
            return None
        open_repository(repository)
        name = f"refs/heads/{branch}" if branch else "HEAD"
        found = repository.git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        commit = found.decode("ascii").strip()
        return Ahead(commit, _count(repository, since, commit))
    return None


def _count(repository: Repository, since: str | None, commit: str) -> int | None:
    if since == commit:
        return 0
    if since is None or not _COMMIT.fullmatch(since):
        return None
    with suppress(GitFailed, ValueError):
        words = ("rev-list", "--count", f"--max-count={MOST_COUNTED}", f"{since}..{commit}", "--")
        return int(repository.git.run(*words))
    return None


def moved(folder: Path, branch: str) -> Stamp:
    """What is another one after the branch was moved: the times and sizes of the files that say where it is. Nothing is
    run for it."""
    with suppress(NotARepository, OSError):
        repository = find_repository(folder)
        if repository is not None:
            own, common = repository.git_dir, repository.common_dir
            refs = (common / "refs" / "heads" / branch,) if branch else (own / "logs" / "HEAD",)
            return tuple(_numbers(place) for place in (own / "HEAD", common / "packed-refs", *refs))
    return ()


def _numbers(place: Path) -> tuple[int, int, int]:
    try:
        found = place.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino
