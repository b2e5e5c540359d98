"""The files of an earlier commit: of what a branch began from, or of a revision that is named."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wherein.errors import ConfigError
from wherein.git.blobs import BlobReader
from wherein.git.checkout import GITLINK, LINK
from wherein.git.command import Git, GitFailed, explained
from wherein.git.objects import read_tree
from wherein.git.repository import Repository, open_repository

REVISION = re.compile(r"[^\s\0-\x1f\x7f-][^\0-\x1f\x7f]*")
"""No option, and one line."""

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

    def read(self, blob: str, limit: int) -> bytes:
        """A content by its id; OSError where it cannot be had or has more bytes than `limit`."""
        return self.blobs.read(blob, limit)

    def close(self) -> None:
        """End the process that reads."""
        self.blobs.close()


def before(repository: Repository, now: str, since: str | None) -> Before:
    """What there was where `now` left `since`; without one, where it left the branch that others begin from: then what
    was committed to that very branch, and not yet pushed, counts as changed.

    ConfigError for what is no revision, or where there is no such branch.
    """
    git = repository.git
    configuration = open_repository(repository)
    name = since if since is not None else _usual(git, now)
    commit = _commit(git, name)
    if commit is None:
        raise ConfigError(f"{name!r} is no branch, tag or commit of {git.folder}.", remedy="git branch --all")
    head = _commit(git, now)
    try:
        if head is not None:
            common = git.run("merge-base", commit, head).decode("ascii").split()
            commit = common[0] if common else commit
    except GitFailed:  # no history in common, or none that this clone has: compared with itself then
        pass
    try:
        entries = read_tree(git, commit, partial=configuration.partial)
    except GitFailed as error:
        raise explained(error, git.folder) from error
    files = {path: entry.id for path, entry in entries.items() if entry.mode not in (LINK, GITLINK)}
    apart = frozenset(path for path, entry in entries.items() if entry.mode == GITLINK)
    return Before(name, commit, files, apart, BlobReader(git))


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
        if _commit(git, ref) is not None:
            return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    if _commit(git, now) is None:
        raise ConfigError("There is no commit yet to compare with.", remedy="git commit")
    return now


def _commit(git: Git, revision: str) -> str | None:
    if not REVISION.fullmatch(revision):
        return None
    try:
        said = git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return said.decode("ascii").strip()
    except (GitFailed, ValueError):
        return None
