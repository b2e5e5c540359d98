"""Finding the repository that a folder lies in."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK

from wherein.errors import NotARepository, WhereinError
from wherein.git.beneath import Beneath
from wherein.git.command import Git, GitFailed, explained, git_executable
from wherein.git.configuration import Configuration, ask_configuration, take_configuration


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as seen from one worktree, or bare."""

    root: Path | None
    """of the worktree; None where it is bare"""
    git_dir: Path
    common_dir: Path
    """the git folder that all worktrees share"""

    @property
    def git(self) -> Git:
        """git in its worktree, or in the bare repository."""
        return Git(self.root or self.git_dir, worktree=self.root is not None)

    def prefix(self, folder: Path) -> str:
        """A folder's path below the root, ending with `/`; "" for the root and for git's own folders."""
        if self.root is None or folder == self.root or not folder.is_relative_to(self.root):
            return ""
        if folder.is_relative_to(self.git_dir) or folder.is_relative_to(self.common_dir):
            return ""
        return folder.relative_to(self.root).as_posix() + "/"


def find_repository(folder: Path) -> Repository | None:
    """The repository that a folder (absolute, without links) lies in; None where there is none.

    NotARepository where there is one that cannot be used. Nothing of it is run.
    """
    git_executable()
    # GitPython imports half of the standard library (50 ms), which only this function has to wait for.
    try:
        from git import InvalidGitRepositoryError, NoSuchPathError, Repo
    except ImportError as error:
        raise WhereinError("git does not run.", remedy="git --version") from error
    try:
        with Repo(folder, search_parent_directories=True, expand_vars=False) as found:
            root = None if found.working_tree_dir is None else Path(found.working_tree_dir)
            return Repository(root, Path(found.git_dir), Path(found.common_dir).resolve())
    except (InvalidGitRepositoryError, NoSuchPathError):
        broken = next((place for place in (folder, *folder.parents) if (place / ".git").is_file()), None)
        if broken is None:
            return None
        raise NotARepository(
            f"{broken / '.git'} points to a repository that is not there.", remedy="git worktree repair"
        ) from None
    except Exception as error:  # its configuration parser lets many kinds through
        detail = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise NotARepository(f"The repository of {folder} cannot be read: {detail}.") from error


def open_repository(repository: Repository) -> Configuration:
    """Let git confirm that it can and may read the repository. NotARepository says why it does not."""
    git = repository.git
    try:
        with ask_configuration(git) as settings, git.start("rev-parse", "--git-dir") as confirmed:
            confirmed.output()
            return take_configuration(settings)
    except GitFailed as error:
        raise explained(error, git.folder) from error


def submodule(beneath: Beneath, path: str) -> Repository | None:
    """The repository checked out at a submodule's place; None where there is none, or where a link leads there."""
    root = Path(beneath.root) / path
    with suppress(NotARepository, OSError):
        if S_ISLNK(beneath.lstat(f"{path}/.git").st_mode):
            return None
        found = find_repository(root)
        return found if found is not None and found.root == root else None
    return None
