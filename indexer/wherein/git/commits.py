"""Which commit a name stands for, and whether the repository still has it."""

import re

from wherein.errors import NotARepository
from wherein.git.command import Git, GitFailed, explained

_REVISION = re.compile(r"[^\s\0-\x1f\x7f-][^\0-\x1f\x7f]*")
"""What may be given to git as a revision: no option, one line."""

_WHOLE_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""git takes it for a name whether or not there is such an object."""

_PARTED = ("merge-base",)
"""Ends with an error that it says nothing about where two histories are apart."""


def commit_of(git: Git, revision: str) -> str | None:
    """The commit that a revision names; None for what names none: HEAD before the first commit, for one.

    Raises NotARepository if git knows the name and has lost what it stands for.
    """
    if not _REVISION.fullmatch(revision):
        return None
    if (commit := _parsed(git, f"{revision}^{{commit}}")) is not None:
        return commit
    if _WHOLE_ID.fullmatch(revision) or (named := _parsed(git, revision)) is None:
        return None
    try:
        git.run("cat-file", "-t", named)
    except GitFailed as error:
        raise NotARepository(
            f"{revision} of {git.folder} is {named}, an object that is missing or damaged.",
            remedy=f"git -C '{git.folder}' fsck",
        ) from error
    return None  # a folder or a file


def where_parted(git: Git, one: str, other: str, *, partial: bool) -> str | None:
    """The commit from which two histories go on; None if they have none in common, or none that this clone has.

    Raises NotARepository if git has lost a part of them.
    """
    with git.start(*_PARTED, one, other) as running:
        status, said, complaint = running.outcome()
    if status == 0:
        return said.decode("ascii").split()[0]
    if partial or not complaint:
        return None
    raise explained(GitFailed(_PARTED, status, complaint), git.folder)


def _parsed(git: Git, name: str) -> str | None:
    try:
        return git.run("rev-parse", "--verify", "--quiet", name).decode("ascii").strip()
    except (GitFailed, ValueError):
        return None
