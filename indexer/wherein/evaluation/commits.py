"""Commits as git reports them: messages, changed files, and which lines of these."""

import os
import re
from collections.abc import Iterator, Sequence

from wherein.git.command import Git
from wherein.quick_dataclass import dataclass

_HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")

PLAIN = ("--no-renames", "--no-ext-diff", "--no-textconv")


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path of a commit."""

    path: str
    how: str
    """M: its content changed and nothing else"""
    before: str
    """id of its content in the parent"""
    mode: str


@dataclass(frozen=True, slots=True)
class Commit:
    """With one parent."""

    id: str
    message: str
    changes: tuple[FileChange, ...]


def trunk(git: Git, tip: str, most: int) -> list[str]:
    """Ids of `tip` and of up to `most` commits before it, latest first, on the way of first parents. Raises
    GitFailed."""
    said = git.run("rev-list", "--first-parent", f"--max-count={most + 1}", tip, "--")
    return said.decode("ascii").split()


def commits(git: Git, start: str, tip: str, most: int) -> list[Commit]:
    """Up to `most` commits after `start`, latest first, that have one parent. Raises GitFailed."""
    listed = git.run(
        "rev-list", "--max-parents=1", "--min-parents=1", f"--max-count={most}", tip, f"^{start}", "--"
    )
    said = git.run(
        *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", *PLAIN, "--format=%H%x00%B"),
        given=listed,
    )
    return list(_commits(os.fsdecode(said).split("\0")))


def _commits(fields: Sequence[str]) -> Iterator[Commit]:
    """Each is an id, a message, and twice as many fields as it has changes; a line end stands before these."""
    at = 0
    while at + 1 < len(fields):
        name, message = fields[at].lstrip("\n"), fields[at + 1]
        at += 2
        changes = []
        while at + 1 < len(fields) and fields[at].lstrip("\n").startswith(":"):
            _, mode, before, _, how = fields[at].lstrip("\n:").split(" ")[:5]
            changes.append(FileChange(fields[at + 1], how, before, mode))
            at += 2
        if name:
            yield Commit(name, message, tuple(changes))


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of a file, and those that stand in their place in another version of it; from 1, where there are none the
    one before them."""

    first: int
    count: int
    new_first: int
    new_count: int


def changed_lines(git: Git, before: str, after: str, path: str) -> list[Hunk]:
    """What differs in one file between two commits. Raises GitFailed."""
    said = git.run("diff-tree", "-r", "-p", "-U0", *PLAIN, before, after, "--", path)
    return [
        Hunk(*(int(1 if number is None else number) for number in hunk.groups()))
        for line in said.split(b"\n")
        if (hunk := _HUNK.match(line))
    ]


def place_of(line: int, hunks: Sequence[Hunk]) -> int | None:
    """Where a line of the older version stands in the newer one; None if it does not stand there as it was."""
    moved = 0
    for hunk in hunks:
        if hunk.count and hunk.first <= line < hunk.first + hunk.count:
            return None
        if line < hunk.first + (not hunk.count):
            break
        moved += hunk.new_count - hunk.count
    return line + moved
