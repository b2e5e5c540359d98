"""Where git looks for a repository's hooks, and whose that folder is."""

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from stat import S_ISDIR

from wherein.errors import ConfigError, NotARepository
from wherein.git.checkout import ignore_rule
from wherein.git.command import SETTINGS, Git, GitFailed, explained, settings
from wherein.git.repository import Repository, find_repository, open_repository
from wherein.quick_dataclass import dataclass

EVENTS = ("post-commit", "post-checkout", "post-merge", "post-rewrite")
"""After these, the files, or what is committed of them, have changed."""

BARE_EVENTS = (*EVENTS, "post-receive")
"""A bare repository may have worktrees beside it."""


class Whose(StrEnum):
    """To whom a folder of hooks belongs."""

    REPOSITORY = "repository"
    """in git's own folder"""
    WORKTREE = "worktree"
    """among the files of a worktree, but ignored: a tool made it there"""
    EVERYBODY = "everybody"
    """among the files of a worktree that others get too"""
    USER = "user"
    """outside: other repositories may use it, too"""


@dataclass(frozen=True, slots=True)
class HooksFolder:
    """A folder of hooks. If it is git's own, it need not exist."""

    path: Path
    """absolute"""
    whose: Whose
    configured: bool
    """whether core.hooksPath names it"""


def here(path: Path) -> Repository:
    """The repository at a path, if git trusts it. Raises NotARepository."""
    folder = Path(os.path.realpath(path))
    repository = find_repository(folder)
    if repository is None:
        raise NotARepository(f"{folder} is not in a git repository, so it has no hooks.", remedy="git init")
    open_repository(repository)
    return repository


def events_of(repository: Repository) -> tuple[str, ...]:
    """The hooks that it should have."""
    return BARE_EVENTS if repository.root is None else EVENTS


def asking(git: Git, *further: str) -> Git:
    """git that sees the repository's own hooks folder, and further settings. It must not be asked anything that runs a
    hook."""
    return git.having({SETTINGS: settings(*further)})


def named_by_git(repository: Repository) -> tuple[Path, str | None]:
    """The folder that git looks into, as it names it, and the setting that says so. Raises NotARepository."""
    git = asking(repository.git)
    try:
        answer = git.run("rev-parse", "--git-path", "hooks")
    except GitFailed as error:
        raise explained(error, git.folder) from error
    configured: str | None = None
    with suppress(GitFailed):
        configured = os.fsdecode(git.run("config", "--get", "core.hooksPath").removesuffix(b"\n"))
    return Path(os.path.normpath(git.folder / os.fsdecode(answer.removesuffix(b"\n")))), configured


def hooks_folder(repository: Repository) -> HooksFolder:
    """Where git looks. Raises ConfigError if hooks are switched off, or cannot be there."""
    path, value = named_by_git(repository)
    configured = value is not None
    setting = f"core.hooksPath of {repository.git.folder}"
    unset = f"git -C '{repository.git.folder}' config --show-origin core.hooksPath"
    if value == "":  # git makes /post-commit of it
        raise ConfigError(f"{setting} is empty: git runs no hooks.", remedy=unset)
    try:
        status = path.stat()
    except FileNotFoundError:
        if configured:
            raise ConfigError(
                f"{setting} names {path}, which does not exist.", remedy=f"mkdir -p '{path}'"
            ) from None
    except OSError as error:
        raise ConfigError(f"{setting} names {path}: {error.strerror}.", remedy=unset) from error
    else:
        if not S_ISDIR(status.st_mode):
            what = f"{setting} names {path}" if configured else f"{path} is in the place of the hooks"
            raise ConfigError(f"{what}, which is not a folder: git runs no hooks.", remedy=unset)
    return HooksFolder(path, whose_is(repository, path), configured)


def whose_is(repository: Repository, folder: Path) -> Whose:
    """To whom a folder of hooks belongs, following links. Raises NotARepository."""
    real = Path(os.path.realpath(folder))
    if any(
        real.is_relative_to(os.path.realpath(each)) for each in (repository.git_dir, repository.common_dir)
    ):
        return Whose.REPOSITORY
    owner = repository if repository.root and real.is_relative_to(repository.root) else _repository_of(real)
    if owner is None or owner.root is None or not real.is_relative_to(owner.root):
        return Whose.USER
    if real.is_relative_to(owner.git_dir):
        return Whose.USER
    return Whose.WORKTREE if _is_ignored(owner, real) else Whose.EVERYBODY


def _repository_of(folder: Path) -> Repository | None:
    with suppress(NotARepository):
        found = find_repository(folder)
        if found is not None:
            open_repository(found)
        return found
    return None


def _is_ignored(repository: Repository, folder: Path) -> bool:
    """Whether nothing in it is tracked, nor would be by `git add`."""
    assert repository.root is not None
    path = folder.relative_to(repository.root).as_posix()
    try:
        tracked = repository.git.run("ls-files", "-z", "--", path)
    except GitFailed as error:
        raise explained(error, repository.git.folder) from error
    return not tracked and bool(ignore_rule(repository.git, f"{path}/{EVENTS[0]}"))


def for_everybody(folder: HooksFolder) -> Path:
    """The folder that others get with the repository: husky's own folder has its hooks' scripts above it."""
    if folder.path.name == "_" and ((folder.path / "h").exists() or (folder.path / "husky.sh").exists()):
        return folder.path.parent
    return folder.path
