"""The parts of git's configuration that matter to a listing."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from wherein.errors import WhereinError
from wherein.git.command import GUARD, OLDEST, Git, Running
from wherein.git.configfile import expanded
from wherein.quick_dataclass import dataclass

KEYS = (
    r"^(wherein\.guard|url\..*\.insteadof|remote\.(origin\.url|.*\.promisor)|extensions\.(partialclone|objectformat)"
    r"|core\.(autocrlf|sparsecheckout|attributesfile|excludesfile)|remote\..*\.partialclonefilter)$"
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Values of KEYS: lower-case but for subsections, in the order of their files."""

    values: Mapping[str, Sequence[str]]

    @property
    def sha256(self) -> bool:
        """Whether ids are SHA-256, not SHA-1."""
        return self._last("extensions.objectformat").lower() == "sha256"

    @property
    def converts_line_ends(self) -> bool:
        """Whether git stores text with the line ends of Unix where no attribute speaks of it."""
        return self._last("core.autocrlf").lower() == "input" or _true(self._last("core.autocrlf"))

    @property
    def sparse(self) -> bool:
        """Whether the worktree may be a sparse checkout."""
        return _true(self._last("core.sparsecheckout"))

    @property
    def partial(self) -> bool:
        """Whether the repository may lack objects, which git would fetch when they are asked for."""
        return any(
            key.endswith((".partialclone", ".partialclonefilter"))
            or (key.endswith(".promisor") and any(value.lower() not in _FALSE for value in values))
            for key, values in self.values.items()
            if key.startswith(("remote.", "extensions."))
        )

    @property
    def attributes_file(self) -> Path:
        """The attributes file for all of the user's repositories; may be relative to the worktree."""
        return self._file("core.attributesfile", "attributes")

    @property
    def excludes_file(self) -> Path:
        """The ignore file for all of the user's repositories; may be relative to the worktree."""
        return self._file("core.excludesfile", "ignore")

    def _file(self, key: str, usual: str) -> Path:
        home = os.environ.get("XDG_CONFIG_HOME") or expanded("~/.config")
        return Path(expanded(self._last(key))) if self._last(key) else Path(home, "git", usual)

    @property
    def origin(self) -> str:
        """The URL of `origin` as git would use it, or nothing."""
        urls = self.values.get("remote.origin.url")
        if not urls:
            return ""
        bases = [
            (prefix, key[len("url.") : -len(".insteadof")])
            for key, prefixes in self.values.items()
            if key.startswith("url.")
            for prefix in prefixes
            if prefix and urls[0].startswith(prefix)
        ]
        if not bases:
            return urls[0]
        prefix, base = max(bases, key=lambda pair: len(pair[0]))
        return base + urls[0][len(prefix) :]

    def _last(self, key: str) -> str:
        return self.values.get(key, [""])[-1]


def ask_configuration(git: Git) -> Running:
    """Begin to read it; `take_configuration` goes on."""
    return git.start("config", "-z", "--get-regexp", KEYS)


def take_configuration(running: Running) -> Configuration:
    """What was asked for. Raises GitFailed; WhereinError if git did not heed our own settings."""
    output = running.output(good=(0, 1))  # 1: there are no such keys
    values: dict[str, list[str]] = {}
    for entry in os.fsdecode(output).split("\0")[:-1]:
        key, given, value = entry.partition("\n")
        values.setdefault(key, []).append(value if given else "true")
    if GUARD not in values:
        raise WhereinError(
            "This git cannot be run safely: it does not take settings from its environment.",
            remedy=f"install git {OLDEST} or newer",
        )
    return Configuration(values)


_FALSE = ("false", "no", "off", "0", "")


def _true(value: str) -> bool:
    return value.lower() in ("true", "yes", "on", "1")
