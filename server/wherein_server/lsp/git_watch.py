"""Whether something happened in a repository that no editor reports: a branch was switched, a commit made."""

from pathlib import Path

from wherein.errors import WhereinError
from wherein.git.beneath import Beneath

POLL_SECONDS = 1.0
"""A dozen stats; watching folders by the system's means needs a library and fails on network disks."""

_IN_GIT_DIR = ("HEAD", "index", "logs/HEAD", "reftable/tables.list")
_IN_COMMON_DIR = ("packed-refs", "config", "reftable/tables.list")

MOST_BYTES = 1000
"""Of HEAD, which holds the name of a branch."""

Stamps = tuple[tuple[str, int, int], ...]


class GitWatch:
    """Remembers the state of git's own files. Its methods read the disk."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._folders: tuple[Path, Path] | None = None
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether anything is different from the last call; the first compares with the making."""
        now = self._look()
        before, self._seen = self._seen, now
        return now != before

    def _look(self) -> Stamps:
        if self._folders is None:
            self._folders = _git_folders(self._place)
            if self._folders is None:
                return ()
        own, common = self._folders
        files = [own / name for name in _IN_GIT_DIR] + [common / name for name in _IN_COMMON_DIR]
        files.append(common / _branch_file(own / "HEAD"))
        return tuple(stamp for file in files if (stamp := _stamp(file)))


def _git_folders(place: Path) -> tuple[Path, Path] | None:
    """The folder of this worktree's state and the one that all worktrees share."""
    from wherein.git.repository import find_repository

    if not (place / ".git").exists():
        return None
    try:
        found = find_repository(Path(place.resolve()))
    except WhereinError:
        return None
    return (found.git_dir, found.common_dir) if found is not None else None


def _branch_file(head: Path) -> str:
    """`refs/heads/main` where HEAD says so, else HEAD again."""
    try:
        text = Beneath(head.parent).read(head.name, MOST_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        return "HEAD"
    return text.removeprefix("ref: ") if text.startswith("ref: refs/") and ".." not in text else "HEAD"


def _stamp(file: Path) -> tuple[str, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return file.name, status.st_mtime_ns, status.st_size
