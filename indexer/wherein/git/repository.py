"""Finds the repository that a folder is in."""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from wherein.errors import NotARepository
from wherein.git.beneath import Beneath
from wherein.git.command import Git, GitFailed, explained, git_executable
from wherein.git.configfile import check_includes, is_bare
from wherein.git.configuration import Configuration, ask_configuration, take_configuration
from wherein.git.guard import require_guard
from wherein.git.steering import check, check_folders, check_git_folder, check_head
from wherein.quick_dataclass import dataclass

MOST_BYTES = 8192
"""Of a file that holds nothing but a path."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as seen from one worktree, or bare."""

    root: Path | None
    """of the worktree; None if it is bare"""
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
    """The repository that a folder (absolute, without links) lies in; None if there is none.

    Raises NotARepository if there is one that cannot be used. Nothing of it is run.
    """
    git_executable()
    for place in (folder, *folder.parents):
        if found := _repository_at(place):
            return found
    return None


def _repository_at(place: Path) -> Repository | None:
    """What is checked out in a folder, or is a git folder itself."""
    inner = place / ".git"
    mode = _mode(inner)
    if S_ISREG(mode):
        git_dir = _named(inner, "gitdir:")
        if git_dir is not None and (common := _common_dir(git_dir)):
            return _opened(place, git_dir, common)
        raise NotARepository(
            f"{inner} points to a repository that does not exist.", remedy="git worktree repair"
        )
    if S_ISDIR(mode) and (common := _common_dir(inner)):
        return _opened(place, inner, common)
    if common := _common_dir(place):
        return _opened(place.parent, place, common) if place.name == ".git" else _opened(None, place, common)
    return None


def holds_repository(folder: Path) -> bool:
    """Whether a repository is checked out in this very folder. A `.git` that leads nowhere, as in a copied submodule,
    is none to git either."""
    with suppress(NotARepository):
        return _repository_at(folder) is not None
    return False


def _opened(root: Path | None, git_dir: Path, common_dir: Path) -> Repository:
    if common_dir == Path(os.path.realpath(git_dir)) and is_bare(git_dir):  # a linked worktree is never bare
        root = None
    return Repository(root, git_dir, common_dir)


def _common_dir(git_dir: Path) -> Path | None:
    """The folder with the objects of a git folder; None if it is none. Raises NotARepository."""
    if not _mode(git_dir / "HEAD") and not (git_dir / "HEAD").is_symlink():
        return None
    shared = check(git_dir / "commondir")
    named = _named(git_dir / "commondir", "") if shared else git_dir
    if named is None or not (S_ISDIR(_mode(named / "objects")) and S_ISDIR(_mode(named / "refs"))):
        return None
    common = Path(os.path.realpath(named))
    if shared and Path(os.path.realpath(git_dir)).parent != common / "worktrees":
        raise NotARepository(
            f"{git_dir} says that it is a worktree of {common}, which does not know of it.",
            remedy=f"git -C '{common}' worktree list",
        )
    return common


def _named(file: Path, key: str) -> Path | None:
    """The path that a file of git holds after a key; None if it holds something else."""
    with suppress(OSError, ValueError):
        text = os.fsdecode(Beneath(file.parent).read(file.name, MOST_BYTES))
        if text.startswith(key) and (named := text.removeprefix(key).strip(" \t").rstrip("\r\n")):
            return Path(os.path.normpath(file.parent / named))
    return None


def _mode(place: Path) -> int:
    """What there is, links followed; 0 for nothing."""
    try:
        return place.stat().st_mode
    except (OSError, ValueError):
        return 0


def check_before_git(repository: Repository, prefix: str = "") -> None:
    """Raises NotARepository if a file in a place that git reads at once is none to let git near."""
    for folder in {repository.git_dir, repository.common_dir}:
        check_git_folder(folder)
        check_includes(folder / "config")
        check_includes(folder / "config.worktree")
    check_head(repository.git_dir, repository.common_dir)
    if repository.root is not None:
        check_folders(repository.root, prefix)


def require_safe(repository: Repository, configuration: Configuration) -> None:
    """Raises NotARepository if git must not be let near what its configuration names, or what it lacks.

    To be asked before any command that reads objects or a worktree.
    """
    git = repository.git
    for key, file in (
        ("core.excludesFile", configuration.excludes_file),
        ("core.attributesFile", configuration.attributes_file),
    ):
        check(git.folder / file, remedy=f"git -C '{git.folder}' config --show-origin {key}")
    require_guard(git, configuration, repository.common_dir)


def open_repository(repository: Repository) -> Configuration:
    """Let git confirm that it can and may read the repository. NotARepository says why it does not."""
    git = repository.git
    check_before_git(repository)
    try:
        with ask_configuration(git) as settings, git.start("rev-parse", "--git-dir") as confirmed:
            confirmed.output()
            configuration = take_configuration(settings)
    except GitFailed as error:
        raise explained(error, git.folder) from error
    require_safe(repository, configuration)
    return configuration


def submodule(beneath: Beneath, path: str) -> Repository | None:
    """The repository checked out at a submodule's place; None if there is none, or where a link leads there."""
    root = Path(beneath.root) / path
    with suppress(NotARepository, OSError):
        if S_ISLNK(beneath.lstat(f"{path}/.git").st_mode):
            return None
        found = _repository_at(root)
        return found if found is not None and found.root == root else None
    return None
