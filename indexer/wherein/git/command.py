"""Runs git so that it does what is asked, and nothing that a repository configures.

Only plumbing commands are used, which page, edit, diff and colour nothing. None looks into a file of a worktree, so no
filter driver runs. Everything else that a repository could make git run is switched off for every process: fsmonitor,
hooks, transports (a partial clone would fetch what it lacks, through a command that its configuration names: see
guard.py too), prompts. git takes no optional locks, so it writes nothing into the repository, and an object is what its
id says, whatever replacements and grafts the repository has.

git's own variables are not passed on (such as a hook's GIT_DIR and GIT_INDEX_FILE), except those that say where the
user's configuration is.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wherein.errors import NotARepository, WhereinError
from wherein.git.hang_cause import hang_cause
from wherein.git.running import GitFailed, Running, begin
from wherein.on_path import on_path

__all__ = ["Git", "GitFailed", "Running", "explained", "git_executable"]

KEPT_VARIABLES = frozenset(
    {
        "GIT_ATTR_NOSYSTEM",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
    }
)
"""Of all variables that begin with GIT_, these are passed on."""

COUNTED_VARIABLES = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")
"""So are these, with which the user gives git settings, such as a safe.directory in a container."""

GUARD = "wherein.guard"
"""A setting that git has only from us. A git that does not show it does not take settings from us."""

OLDEST = "2.30"
"""The oldest release that is tested. Older ones may work, and have faults of their own."""

NO_FETCH = "GIT_NO_LAZY_FETCH"
"""Heeded by the releases that guard.py lists."""

SETTINGS = "GIT_CONFIG_PARAMETERS"


def settings(*further: str) -> str:
    """Settings that git has from us whatever it is asked, and further ones, as a value of that variable."""
    given = ("core.fsmonitor=", "help.autocorrect=0", f"{GUARD}=on", *further)
    return " ".join(f"'{each}'" for each in given)


SAFE_VARIABLES = {
    # An empty value would be the list of one empty name. A repository cannot name a helper after this one.
    "GIT_ALLOW_PROTOCOL": f"none-{os.urandom(16).hex()}",
    "GIT_ALLOC_LIMIT": "1g",
    # Read after all other settings, the counted ones among them, by every git of the last ten years.
    # Hooks of the configuration (git 2.54) know no core.hooksPath; the one that a listing could set off is named.
    SETTINGS: settings(f"core.hooksPath={os.devnull}", "hook.post-index-change.enabled=false"),
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
    "GIT_LITERAL_PATHSPECS": "1",
    NO_FETCH: "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}

_OF_OBJECTS = re.compile(r"\b(?:tree|commit|blob|objects?|packs?|packfile|[0-9a-f]{40,64})\b", re.IGNORECASE)
"""In what git says of one that is lost or damaged."""


class Git:
    """git in one folder: the root of a worktree, or a bare repository."""

    def __init__(
        self,
        folder: Path,
        *,
        worktree: bool,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._worktree = worktree
        self._variables = variables or {}

    def having(self, variables: Mapping[str, str]) -> "Git":
        """The same with further variables."""
        return Git(self.folder, worktree=self._worktree, variables={**self._variables, **variables})

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> Running:
        """Start a command; its standard input is empty unless `stdin` is subprocess.PIPE."""
        return Running(arguments, self.process(*arguments, stdin=stdin), self._look)

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """The output of a command. Raises GitFailed if it fails."""
        with self.start(
            *arguments, stdin=subprocess.DEVNULL if given is None else subprocess.PIPE
        ) as running:
            return running.output(given)

    def process(
        self, *arguments: str, stdin: int, stderr: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        """A bare process, for commands that are talked to."""
        environment = self._environment()
        # Of a command that this git does not know yet, it would run what the repository's configuration calls so.
        environment[SETTINGS] += f" 'alias.{arguments[0]}='"
        try:
            return begin([git_executable(), *arguments], self.folder, environment, stdin, stderr)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotARepository(f"{self.folder} is no longer there.") from error

    def _look(self) -> str:
        return hang_cause(self.folder, worktree=self._worktree)

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name in KEPT_VARIABLES or name.startswith(COUNTED_VARIABLES)
        }
        kept |= SAFE_VARIABLES
        # Never a repository above: a folder that only we take for one would be answered for by its parent's.
        kept["GIT_CEILING_DIRECTORIES"] = str(self.folder.parent)
        if self._worktree:
            # The folder that holds `.git` is the worktree, wherever core.worktree points. Without GIT_DIR
            # beside it, git still checks whose repository it is.
            kept["GIT_WORK_TREE"] = str(self.folder)
        return {**kept, **self._variables}


@cache
def git_executable() -> str:
    """The full path of git, found once."""
    if found := on_path("git.exe" if os.name == "nt" else "git"):
        return found
    raise WhereinError("git was not found.", remedy=f"install git {OLDEST} or newer, or add it to PATH")


def explained(error: GitFailed, folder: Path, *, partial: bool = False) -> WhereinError:
    """What git's failure in a folder, which may be a partial clone, means to the user."""
    message = str(error)
    if "dubious ownership" in message or "unsafe repository" in message:
        return NotARepository(
            f"git does not trust {folder}: it belongs to another user.",
            remedy=f"git config --global --add safe.directory '{folder}'",
        )
    first = message.splitlines()[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
    remedy = f"git -C '{folder}' status"
    if _OF_OBJECTS.search(first):
        remedy = f"git -C '{folder}' {'fetch --refetch --no-filter' if partial else 'fsck'}"
    return NotARepository(f"git cannot read {folder}: {first}.", remedy=remedy)
