"""Running git so that it does what is asked and nothing that a repository configures.

Only plumbing commands are used, which page, edit, diff and colour nothing. None looks into a file of a worktree, so no
filter driver runs. What is left that a repository could make git run is switched off for every process: fsmonitor,
hooks, transports (a partial clone would fetch what it lacks, through a command that its configuration names: see
guard.py too), prompts. git takes no optional locks, so it writes nothing into the repository either, and an object is
what its id says, whatever replacements and grafts the repository has.

None of git's variables are handed on (GIT_DIR and GIT_INDEX_FILE of a hook, for two) but those that say where the
user's configuration is.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from wherein.errors import NotARepository, WhereinError
from wherein.git.running import GitFailed, Running, begin
from wherein.git.steering import look_everywhere

__all__ = ["Git", "GitFailed", "Running", "explained", "git_executable"]

KEPT_VARIABLES = frozenset(
    {
        "GIT_ATTR_NOSYSTEM",
        "GIT_CEILING_DIRECTORIES",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
    }
)
"""Of all variables that begin with GIT_, these are handed on; the counted GIT_CONFIG_KEY_n too."""

NO_FETCH = "GIT_NO_LAZY_FETCH"
"""Heeded by the releases that guard.py lists."""

SAFE_VARIABLES = {
    # An empty value would be the list of one empty name. A repository cannot name a helper after this one.
    "GIT_ALLOW_PROTOCOL": f"none-{os.urandom(16).hex()}",
    "GIT_ALLOC_LIMIT": "1g",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
    "GIT_LITERAL_PATHSPECS": "1",
    NO_FETCH: "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}

GUARD = "wherein.guard"
"""A setting that only `SAFE_CONFIGURATION` has. A git that does not show it is too old to take settings this
way."""

SAFE_CONFIGURATION = (
    ("core.fsmonitor", ""),
    ("core.hooksPath", os.devnull),
    (GUARD, "on"),
)


class Git:
    """git in one folder: the root of a worktree, or a bare repository."""

    def __init__(
        self,
        folder: Path,
        *,
        worktree: bool,
        configuration: Sequence[tuple[str, str]] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._worktree = worktree
        self._configuration = configuration
        self._variables = variables or {}

    def having(
        self, configuration: Sequence[tuple[str, str]] = (), variables: Mapping[str, str] | None = None
    ) -> "Git":
        """The same with further settings or variables."""
        return Git(
            self.folder,
            worktree=self._worktree,
            configuration=(*self._configuration, *configuration),
            variables={**self._variables, **(variables or {})},
        )

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL) -> Running:
        """A command begun; its standard input is empty unless `stdin` is subprocess.PIPE."""
        return Running(arguments, self.process(*arguments, stdin=stdin), self._look)

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """The output of a command; GitFailed where it fails."""
        with self.start(
            *arguments, stdin=subprocess.DEVNULL if given is None else subprocess.PIPE
        ) as running:
            return running.output(given)

    def process(
        self, *arguments: str, stdin: int, stderr: int = subprocess.PIPE
    ) -> "subprocess.Popen[bytes]":
        """A bare process, for commands that are talked with."""
        try:
            return begin([git_executable(), *arguments], self.folder, self._environment(), stdin, stderr)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotARepository(f"{self.folder} is no longer there.") from error

    def _look(self) -> None:
        if self._worktree:
            look_everywhere(self.folder)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        kept |= {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        kept |= SAFE_VARIABLES
        if self._worktree:
            # The folder that holds `.git` is the worktree, wherever core.worktree points. Without GIT_DIR
            # beside it, git still checks whose repository it is.
            kept["GIT_WORK_TREE"] = str(self.folder)
        settings = (*_user_settings(), *SAFE_CONFIGURATION, *self._configuration)
        kept["GIT_CONFIG_COUNT"] = str(len(settings))
        for number, (key, value) in enumerate(settings):
            kept[f"GIT_CONFIG_KEY_{number}"] = key
            kept[f"GIT_CONFIG_VALUE_{number}"] = value
        return {**kept, **self._variables}


@cache
def git_executable() -> str:
    """The full path of git, found once. By its name alone, Windows would find a git.exe in the repository."""
    found = shutil.which("git")
    if found is None:
        raise WhereinError("git was not found.", remedy="install git 2.31 or newer, or add it to PATH")
    return found


def _user_settings() -> list[tuple[str, str]]:
    """What the user gives git by GIT_CONFIG_COUNT (a safe.directory in a container, for one)."""
    count = os.environ.get("GIT_CONFIG_COUNT", "")
    if not count.isdecimal():
        return []
    pairs = (
        (os.environ.get(f"GIT_CONFIG_KEY_{n}"), os.environ.get(f"GIT_CONFIG_VALUE_{n}"))
        for n in range(int(count))
    )
    return [(key, value) for key, value in pairs if key is not None and value is not None]


def explained(error: GitFailed, folder: Path) -> WhereinError:
    """What git's failure in a folder means to its user."""
    message = str(error)
    if "dubious ownership" in message or "unsafe repository" in message:
        return NotARepository(
            f"git does not trust {folder}: it belongs to another user.",
            remedy=f"git config --global --add safe.directory '{folder}'",
        )
    first = message.splitlines()[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
    return NotARepository(f"git cannot read {folder}: {first}.", remedy=f"git -C '{folder}' status")
