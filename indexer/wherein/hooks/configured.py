"""Hooks in git's configuration (git 2.54 and newer), independent of files and of everybody else's."""

import os
from collections.abc import Sequence

from wherein.errors import ConfigError
from wherein.git.command import GitFailed
from wherein.git.repository import Repository
from wherein.hooks.place import asking
from wherein.quick_dataclass import dataclass

NAME = "wherein"
_SECTION = f"hook.{NAME}"
_TRIED = "wherein-tried"


@dataclass(frozen=True, slots=True)
class ConfiguredHook:
    """What a repository's own configuration says of our hook."""

    command: bytes = b""
    events: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.command or self.events)


def is_understood(repository: Repository) -> bool:
    """Whether this git takes hooks from its configuration; it is tried, not told by version, and nothing is run."""
    settings = (f"hook.{_TRIED}.command=:", f"hook.{_TRIED}.event=post-commit")
    try:
        listed = asking(repository.git, *settings).run("hook", "list", "post-commit")
    except GitFailed:
        return False
    return _TRIED.encode() in listed.split()


def is_listed(repository: Repository, event: str) -> bool:
    """Whether git would run ours after an event."""
    try:
        listed = asking(repository.git).run("hook", "list", event)
    except GitFailed:
        return False
    return NAME.encode() in listed.splitlines()  # one that is switched off has a word before its name


def read(repository: Repository) -> ConfiguredHook:
    """Ours, as the repository's own file has it."""
    try:
        output = repository.git.run("config", "--local", "-z", "--get-regexp", rf"^hook\.{NAME}\.")
    except GitFailed:
        return ConfiguredHook()
    command, events = b"", []
    for entry in output.split(b"\0")[:-1]:
        key, _, value = entry.partition(b"\n")
        if key.endswith(b".command"):
            command = value
        elif key.endswith(b".event"):
            events.append(os.fsdecode(value))
    return ConfiguredHook(command, tuple(events))


def write(repository: Repository, command: bytes, events: Sequence[str]) -> None:
    """Have git note our hook in place of what it had of it. Raises ConfigError if that cannot be written."""
    if read(repository):
        remove(repository)
    _change(repository, f"{_SECTION}.command", os.fsdecode(command))
    for event in events:
        _change(repository, "--add", f"{_SECTION}.event", event)


def remove(repository: Repository) -> None:
    """Have git forget it."""
    _change(repository, "--remove-section", _SECTION)


def _change(repository: Repository, *arguments: str) -> None:
    try:
        repository.git.run("config", "--local", *arguments)
    except GitFailed as error:
        said = str(error).splitlines()[0].removeprefix("error: ").removeprefix("fatal: ").rstrip(".")
        raise ConfigError(
            f"git cannot change the configuration of {repository.git.folder}: {said}."
        ) from error
