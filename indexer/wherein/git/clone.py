"""What a repository's name stands for on this machine: one git folder with all its worktrees, or a plain folder."""

from contextlib import suppress
from pathlib import Path

from wherein.errors import WhereinError
from wherein.git.command import Git, GitFailed
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Clone:
    """A git folder, or a plain folder."""

    place: str
    """its path, without links"""
    origin: str = ""
    """the normalised URL of `origin`; empty if there is none, or a local one"""
    git: Git | None = None

    @property
    def name(self) -> str:
        """What people call it: the folder that holds `.git`."""
        place = Path(self.place)
        return (place.parent if place.name == ".git" else place).name.removesuffix(".git") or "root"

    def inode(self) -> str:
        """What stays the same when it is moved; "" if it is gone."""
        with suppress(OSError):
            status = Path(self.place).stat()
            return f"{status.st_dev}:{status.st_ino}"
        return ""

    def head(self) -> str:
        """The commit that is checked out; "" before the first one."""
        return next(iter(self._commits("rev-parse", "--verify", "--quiet", "HEAD^{commit}")), "")

    def roots(self) -> list[str]:
        """The first commits of its history; in a shallow clone, the oldest that it has."""
        return self._commits("rev-list", "--max-parents=0", "HEAD", "--")

    def has(self, commit: str) -> bool:
        """Whether a commit is among its objects."""
        if self.git is None or not commit:
            return False
        with suppress(GitFailed):
            self.git.run("cat-file", "-e", f"{commit}^{{commit}}")
            return True
        return False

    def _commits(self, *arguments: str) -> list[str]:
        if self.git is None:
            return []
        with suppress(GitFailed):
            return self.git.run(*arguments).decode("ascii").split()
        return []


def clone_at(place: str) -> Clone | None:
    """The clone whose git folder is there, as far as it can be read."""
    from wherein.git.repository import find_repository, open_repository

    with suppress(WhereinError):
        repository = find_repository(Path(place))
        if repository is not None:
            open_repository(repository)
            return Clone(place, git=repository.git)
    return None
