"""The files of an earlier commit: where a branch began, or a revision that is named."""

import os
from collections.abc import Callable, Mapping, Sequence

from wherein.errors import ConfigError
from wherein.git.blobs import BlobReader
from wherein.git.checkout import GITLINK, LINK
from wherein.git.command import Git, GitFailed, explained
from wherein.git.commits import commit_of, where_parted
from wherein.git.objects import read_tree
from wherein.git.repository import Repository, open_repository
from wherein.quick_dataclass import dataclass

USUAL = ("main", "master", "trunk", "develop")
"""What the branch is called that others begin from, where no remote says so."""


@dataclass(frozen=True, slots=True)
class Before:
    """The regular files of a commit."""

    revision: str
    """as it was given, or found"""
    commit: str
    files: Mapping[str, str]
    """path → id of its content"""
    apart: frozenset[str]
    """submodules, whose files have another history"""
    blobs: BlobReader
    gone: Callable[[Sequence[str]], list[str]]
    """of paths that a view lacks, those that were removed: they are there no more, and it would have listed them"""

    def read(self, blob: str, limit: int) -> bytes:
        """A content by its id; raises OSError if it cannot be had or has more bytes than `limit`."""
        return self.blobs.read(blob, limit)

    def close(self) -> None:
        """End the process that reads."""
        self.blobs.close()


def before(
    repository: Repository,
    now: str,
    since: str | None,
    is_there: Callable[[str], bool],
    listed_at: Callable[[str, Sequence[str]], list[str]],
) -> Before:
    """What there was where `now` left `since`; without one, where it left the branch that others begin from: then what
    was committed to that very branch, and not yet pushed, counts as changed. `is_there` says of a path whether a file
    is there now, listed or not; `listed_at`, which of some files of a commit a view of it lists: no lock file, nothing
    of third parties.

    Raises ConfigError for what is no revision, or where there is no such branch; NotARepository if git has lost it.
    """
    git = repository.git
    configuration = open_repository(repository)
    name = since if since is not None else _usual(git, now)
    commit = commit_of(git, name)
    if commit is None:
        raise ConfigError(
            f"{name!r} is not a branch, tag or commit of {git.folder}.", remedy="git branch --all"
        )
    if (head := commit_of(git, now)) is not None:  # without a history in common: compared with itself
        commit = where_parted(git, commit, head, partial=configuration.partial) or commit
    try:
        entries = read_tree(git, commit, partial=configuration.partial)
    except GitFailed as error:
        raise explained(error, git.folder, partial=configuration.partial) from error
    files = {path: entry.id for path, entry in entries.items() if entry.mode not in (LINK, GITLINK)}
    apart = frozenset(path for path, entry in entries.items() if entry.mode == GITLINK)
    was = commit

    def gone(paths: Sequence[str]) -> list[str]:
        missing = [path for path in paths if not is_there(path)]
        return listed_at(was, missing) if missing else []

    return Before(name, commit, files, apart, BlobReader(git), gone)


def _usual(git: Git, now: str) -> str:
    """Where a branch began, by what remotes and names say; `now` where it is that branch itself and nobody else has
    it."""
    try:
        pointed = os.fsdecode(git.run("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")).strip()
    except GitFailed:
        pointed = ""
    candidates = [pointed] if pointed else []
    candidates += [f"refs/remotes/origin/{name}" for name in USUAL]
    candidates += [f"refs/heads/{name}" for name in USUAL]
    for ref in candidates:
        if commit_of(git, ref) is not None:
            return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    if commit_of(git, now) is None:
        raise ConfigError("There is no commit yet to compare with.", remedy="git commit")
    return now
