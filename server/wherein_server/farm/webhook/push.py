"""What a forge's request says: which repository was pushed to, which branch, and where that is now."""

import json
import re
from collections.abc import Mapping
from typing import Any

from wherein.git.identity import normalised_url
from wherein.quick_dataclass import dataclass

EVENTS = ("x-github-event", "x-gitea-event", "x-forgejo-event", "x-gogs-event", "x-gitlab-event")

_PUSHES = frozenset({"push", "push hook"})

_ADDRESSES = ("clone_url", "git_http_url", "ssh_url", "git_ssh_url", "html_url", "homepage", "git_url", "url")
"""Of GitHub's and Gitea's `repository`, and of GitLab's `project`."""

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Push:
    """A branch that was pushed to."""

    names: tuple[str, ...]
    """what the repository may be called in a list"""
    branch: str
    commit: str
    default_branch: str


class NotAPush(ValueError):
    """It is something else, or says nothing that can be used."""


def event_of(headers: Mapping[str, str]) -> str:
    """`push`, `ping`, …, in small letters; "" if none is named."""
    return next((headers[name].strip().lower() for name in EVENTS if name in headers), "")


def is_push(headers: Mapping[str, str]) -> bool:
    """Whether it says that it is one."""
    return event_of(headers) in _PUSHES


def read_push(body: bytes) -> Push:
    """The push. Raises NotAPush, also for a branch that was deleted, and for a tag."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAPush("the body is not JSON") from None
    if not isinstance(found, dict):
        raise NotAPush("the body is not an object")
    ref, commit = found.get("ref"), found.get("after")
    if not isinstance(ref, str) or not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise NotAPush("it names no commit")
    if not ref.startswith("refs/heads/"):
        raise NotAPush("it is not about a branch")
    if not commit.strip("0"):
        raise NotAPush("the branch was deleted")
    places = [each for each in (found.get("repository"), found.get("project")) if isinstance(each, dict)]
    names = dict.fromkeys(name for each in places for name in _names(each))
    if not names:
        raise NotAPush("it names no repository")
    default = next(
        (each["default_branch"] for each in places if isinstance(each.get("default_branch"), str)), ""
    )
    return Push(tuple(names), ref.removeprefix("refs/heads/"), commit, default)


def _names(place: Mapping[str, Any]) -> list[str]:
    addresses = [place[name] for name in _ADDRESSES if isinstance(place.get(name), str)]
    return [name for each in addresses if len(each) < 2_000 and (name := normalised_url(each))]
