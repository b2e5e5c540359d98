"""What git says is in one worktree: which files, and what its index calls their contents. No command here makes git
look into a file, so no filter runs."""

import hashlib
import os
from contextlib import ExitStack
from dataclasses import field

from wherein.git.command import Git, GitFailed, explained
from wherein.git.configuration import Configuration, ask_configuration, take_configuration
from wherein.git.repository import Repository, check_before_git, require_safe
from wherein.quick_dataclass import dataclass

LINK, GITLINK = "120000", "160000"
"""modes of symbolic links and of submodules"""


@dataclass(slots=True)
class Checkout:
    """One worktree, without what lies in its submodules. Paths are POSIX and relative to its root."""

    commit: str | None = None
    branch: str | None = None
    files: dict[str, str | None] = field(default_factory=dict)
    """path → what git calls its content; None for untracked ones. That is a hint and no more: the file on disk may
    hold something else, or be gone"""
    links: set[str] = field(default_factory=set)
    """tracked symbolic links; untracked ones are among the files"""
    submodules: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    """untracked folders that are repositories of their own"""
    absent: set[str] = field(default_factory=set)
    """tracked, and left out of a sparse checkout"""
    configuration: Configuration = field(default_factory=lambda: Configuration({}))
    tracked: str = ""
    """a digest of all that git's index says"""
    untracked: list[str] = field(default_factory=list)
    """as git lists them: those among the files, and `nested` with a `/` at their end"""


TRACKED = ("ls-files", "-z", "--stage", "-v")
UNTRACKED = ("ls-files", "-z", "--others", "--exclude-standard")
HEAD = ("rev-parse", "HEAD", "--symbolic-full-name", "HEAD", "--")
"""The questions that a worktree is examined by."""


def examine(repository: Repository, prefix: str) -> Checkout:
    """Ask git about a repository's worktree, or what lies below `prefix`; nothing is hashed. Raises GitFailed;
    NotARepository if git may not be let near it."""
    below = ("--", prefix) if prefix else ()
    git = repository.git
    check_before_git(repository, prefix)
    with ask_configuration(git) as settings:
        configuration = take_configuration(settings)
    require_safe(repository, configuration)
    with ExitStack() as stack:
        # All at once: git spends its time waiting for the disk, and Python on parsing.
        tracked = stack.enter_context(git.start(*TRACKED, *below))
        untracked = stack.enter_context(git.start(*UNTRACKED, *below))
        head = stack.enter_context(git.start(*HEAD))
        checkout = Checkout(configuration=configuration)
        said = tracked.output()
        checkout.tracked = digest(said)
        _read_tracked(checkout, os.fsdecode(said))
        checkout.untracked = listed_paths(untracked.output())
        _take_untracked(checkout)
        checkout.commit, checkout.branch = read_head(git, head.outcome())
    return checkout


def digest(*parts: bytes) -> str:
    """Of all of them, and of where each ends."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(b"%d:" % len(part))
        made.update(part)
    return made.hexdigest()


def listed_paths(output: bytes) -> list[str]:
    """The paths of a list in which each ends with NUL."""
    return os.fsdecode(output).split("\0")[:-1]


def _read_tracked(checkout: Checkout, output: str) -> None:
    """Entries are `TAG MODE ID STAGE<tab>PATH`; a lower-case tag is `assume unchanged`, S is `skip
    worktree`."""
    files = checkout.files
    for entry in output.split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        tag, mode = about[0], about[2:8]
        if tag in "Ss" and checkout.configuration.sparse:
            checkout.absent.add(path)
        elif mode == GITLINK:
            checkout.submodules.append(path)
        else:
            files[path] = about[9:-2]
            if mode == LINK:
                checkout.links.add(path)


def _take_untracked(checkout: Checkout) -> None:
    for path in checkout.untracked:
        if path.endswith("/"):
            checkout.nested.append(path[:-1])
        else:
            checkout.files[path] = None


def read_head(git: Git, outcome: tuple[int, bytes, str]) -> tuple[str | None, str | None]:
    """The commit and the branch that are checked out, from the outcome of HEAD."""
    status, output, _ = outcome
    if status == 0:
        commit, name, _ = os.fsdecode(output).split("\n", 2)
        return commit, _branch(name)
    try:
        return None, _branch(os.fsdecode(git.run("symbolic-ref", "--quiet", "HEAD")).strip())
    except GitFailed:
        return None, None


def _branch(name: str) -> str | None:
    return name.removeprefix("refs/heads/") if name.startswith("refs/heads/") else None


def ignored_by_git(git: Git, prefix: str) -> list[str]:
    """What the ignore rules keep git from showing: files, and whole folders with a `/` at their end. NotARepository
    where git can no longer read it."""
    below = ("--", prefix) if prefix else ()
    try:
        output = git.run(
            "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", *below
        )
    except GitFailed as error:
        raise explained(error, git.folder) from error
    return listed_paths(output)


def ignore_rule(git: Git, path: str) -> str:
    """The rule by which git ignores a path, as `file:line: pattern`, or nothing."""
    # This one command refuses literal paths; the `./` keeps a leading `:` from being magic.
    asked = git.having(variables={"GIT_LITERAL_PATHSPECS": "0"})
    try:
        output = asked.run("check-ignore", "-z", "-v", "--stdin", given=os.fsencode(f"./{path}\0"))
    except GitFailed:
        return ""
    source, line, pattern, _ = os.fsdecode(output).split("\0")[:4]
    return "" if pattern.startswith("!") else f"{source}:{line}: {pattern}"
