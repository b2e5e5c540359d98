"""A remote repository, asked by git without anybody to answer its prompts: where its branch is, and what its failures
mean.

What the rest of wherein runs may not fetch at all (command.py). Here alone transports are let through, by name; git
asks nobody for a password, runs no hook, follows no submodule, and takes from a repository nothing that it would run.
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from wherein.errors import WhereinError
from wherein.git.command import SAFE_VARIABLES, Git
from wherein.git.transfer import TooSlow, transfer
from wherein.packaged import files
from wherein.quick_dataclass import dataclass

Reason = Literal[
    "gone", "forbidden", "unreachable", "limited", "empty", "too large", "too slow", "refused", "failed"
]

FOR_GOOD = frozenset({"too large", "refused"})
"""Reasons that trying again does not change."""

PROTOCOLS = ("https", "ssh")
"""What is fetched by where nothing else is said."""

KNOWN_PROTOCOLS = frozenset({"https", "ssh", "http", "file"})
"""What may be said. git's other ones are helpers that it runs (`ext`), or check nothing (`git`)."""

STALLED_BYTES, STALLED_SECONDS = 1_000, 60
"""A transfer by HTTP that is slower than this for so long is ended by git."""

SSH = "ssh -oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=15 -oServerAliveCountMax=4"

_SCP = re.compile(r"(?:[\w.+-]+@)?[\w][\w.-]+:(?!/)[^:\s]+")
_HELPER = re.compile(r"[\w.+-]*::")
_REF = re.compile(r"[^\s~^:?*\[\\\x00-\x20\x7f-]([^\s~^:?*\[\\\x00-\x20\x7f])*")


class RemoteFailed(WhereinError):
    """A remote was not read; `reason` says in one word why."""

    def __init__(self, reason: Reason, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Access:
    """How remotes may be reached."""

    protocols: Sequence[str] = PROTOCOLS
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`https://host/` → a header that git sends to it alone: a token"""

    def variables(self, folder: Path) -> dict[str, str]:
        """git's, over those of command.py. What is secret is seen by processes of the same user alone."""
        given = {
            "core.askPass": "",
            "credential.interactive": "false",
            "fetch.unpackLimit": "1",
            "gc.auto": "0",
            "http.lowSpeedLimit": str(STALLED_BYTES),
            "http.lowSpeedTime": str(STALLED_SECONDS),
            "maintenance.auto": "false",
        }
        given |= {f"http.{place}.extraHeader": header for place, header in self.headers.items()}
        more = " ".join(_quoted(f"{name}={value}") for name, value in given.items())
        return {
            "GIT_ALLOW_PROTOCOL": ":".join(self.protocols),
            "GIT_ASKPASS": "",
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
            "GIT_CONFIG_PARAMETERS": f"{SAFE_VARIABLES['GIT_CONFIG_PARAMETERS']} {more}",
            "GIT_SSH_COMMAND": SSH,
            "SSH_ASKPASS": "",
        }


@dataclass(frozen=True, slots=True)
class Head:
    """Where a branch of a remote is."""

    branch: str
    commit: str


def checked_url(url: str, protocols: Sequence[str] = PROTOCOLS) -> str:
    """The URL where git may be given it; RemoteFailed ("refused") where not."""
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    rest = url.partition("://")[2]
    if (
        not url.isprintable()
        or any(each.isspace() for each in url)
        or "::" in url
        or "-" in (url[:1], rest[:1])
    ):
        raise RemoteFailed(
            "refused", "The repository's URL cannot be used: git would take a part of it for something else."
        )
    if "@" in url.partition("://")[2].partition("/")[0] and ":" in url.partition("://")[2].partition("@")[0]:
        raise RemoteFailed(
            "refused",
            "The repository's URL holds a password, which everybody who may see the list would see.",
            remedy="give git a credential helper, or farm.toml a token_env",
        )
    if not scheme and _SCP.fullmatch(url):
        scheme = "ssh"
    if scheme not in protocols:
        named = scheme or "no protocol"
        raise RemoteFailed(
            "refused",
            f"The repository's URL names {named}; only {', '.join(protocols)} may be used.",
            remedy='protocols = ["https", "ssh", "http", "file"] in farm.toml, of which keep those that you trust',
        )
    return url


def head_of(url: str, folder: Path, access: Access, *, branch: str = "", seconds: float = 60.0) -> Head:
    """Where a branch is at its remote, or the one that the remote calls its own. Raises RemoteFailed, also for an empty
    one.

    `folder` is any that is in no repository: git runs there.
    """
    checked_url(url, access.protocols)
    wanted = f"refs/heads/{branch}" if branch else "HEAD"
    git = Git(folder, worktree=False, variables=access.variables(folder))
    try:
        status, said, complaint = transfer(
            git, "ls-remote", "--symref", "--", url, wanted, seconds=seconds, written=lambda: 0, most=0
        )
    except TooSlow:
        raise RemoteFailed("too slow", f"{shown(url)} did not answer within {seconds:.0f} seconds.") from None
    if status:
        raise explained(complaint, url)
    return _head(os.fsdecode(said), wanted, branch, url)


def _head(said: str, wanted: str, branch: str, url: str) -> Head:
    commit, named = "", branch
    for line in said.splitlines():
        value, _, ref = line.partition("\t")
        if ref == wanted and value.startswith("ref: refs/heads/"):
            named = value.removeprefix("ref: refs/heads/")
        elif ref == wanted:
            commit = value
    if not commit:
        what = f"has no branch {branch}" if branch else "has no commit yet"
        raise RemoteFailed("empty", f"{shown(url)} {what}.")
    if not named:  # a HEAD that is detached
        raise RemoteFailed(
            "empty", f"{shown(url)} does not say which branch is its default.", remedy="name its branch"
        )
    if not _REF.fullmatch(named) or not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        raise RemoteFailed("refused", f"{shown(url)} names a branch or a commit that cannot be one.")
    return Head(named, commit)


def explained(message: str, url: str) -> RemoteFailed:
    """What git's complaint means."""
    lowered = message.lower()
    for failure in _failures():
        if any(needle in lowered for needle in failure["says"]):
            return RemoteFailed(failure["reason"], failure["sentence"].format(url=shown(url)))
    lines = [line for line in message.splitlines() if line.strip()]
    last = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    return RemoteFailed("failed", f"{shown(url)} cannot be fetched: {last.removeprefix('fatal: ')[:200]}.")


def shown(url: str) -> str:
    """An address for people."""
    from wherein.redaction import shown_url

    return shown_url(url) if "://" in url else url


@cache
def _failures() -> list[dict[str, Any]]:
    text = files(__package__).joinpath("remote.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["failure"]
    return found


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
