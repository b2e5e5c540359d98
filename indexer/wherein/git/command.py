"""Running git so that it does what is asked and nothing that a repository configures.

Only plumbing commands are used, which page, edit, diff and colour nothing. What is left that a repository
could make git run is switched off for every process: fsmonitor, hooks, filter drivers (see
`Configuration.without_filters`), transports (a partial clone would fetch what it lacks, through a command
that its configuration names), prompts. git takes no optional locks, so it writes nothing into the repository
either.

GitPython's own runner hands on every variable of this process, GIT_DIR and GIT_INDEX_FILE of a hook among
them; this one hands on none of git's variables but those that say where the user's configuration is.
"""

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from wherein.errors import NotARepository, WhereinError

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

SAFE_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
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


class GitFailed(Exception):
    """git ended with an error. `str(error)` is what it wrote."""

    def __init__(self, arguments: Sequence[str], status: int, message: str) -> None:
        super().__init__(message or f"git {arguments[0]} ended with status {status}")
        self.status = status


class Running:
    """A git process at work. Also a context manager, which ends it where its output was not waited for."""

    def __init__(self, arguments: Sequence[str], process: "subprocess.Popen[bytes]") -> None:
        self._arguments = arguments
        self._process = process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()

    def output(self, given: bytes | None = None, *, good: Collection[int] = (0,)) -> bytes:
        """All that it writes, given this on its standard input; GitFailed where its exit status is not good."""
        status, out, message = self.outcome(given)
        if status not in good:
            raise GitFailed(self._arguments, status, message)
        return out

    def outcome(self, given: bytes | None = None) -> tuple[int, bytes, str]:
        """Its exit status, its output, its complaint."""
        out, err = self._process.communicate(given)
        return self._process.returncode, out, os.fsdecode(err).strip()


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
        return Running(arguments, self.process(*arguments, stdin=stdin))

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
            return subprocess.Popen(
                [git_executable(), *arguments],
                cwd=self.folder,
                env=self._environment(),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotARepository(f"{self.folder} is no longer there.") from error

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
