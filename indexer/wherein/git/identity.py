"""What repositories and views are called in a store."""

import hashlib
import os
import platform
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wherein.git.clone import Clone
from wherein.git.command import GitFailed
from wherein.git.configuration import Configuration
from wherein.git.repository import Repository

CASE_BLIND_HOSTS = frozenset({"github.com", "gitlab.com", "bitbucket.org", "codeberg.org"})
"""Hosts that ignore case in a repository's path."""

_SCP = re.compile(r"(?:[^@/\s]+@)?(\[[0-9A-Fa-f:]+\]|[^:/\s@]{2,}):(?!//|:)(.+)", re.DOTALL)
"""user@host:path. One letter before the colon is a drive of Windows."""


def repository_identity(repository: Repository, configuration: Configuration) -> str:
    """The normalised URL of `origin`, else the folder's name with the first commit."""
    return normalised_url(configuration.origin) or _by_first_commit(repository)


def clone_of(repository: Repository, configuration: Configuration) -> Clone:
    """What the name stands for: the git folder that all of a clone's worktrees share."""
    return Clone(str(repository.common_dir), normalised_url(configuration.origin), repository.git)


def normalised_url(url: str) -> str:
    """`host/path` of a repository's URL: no scheme, user, password, `.git` or query. "" for a local path.

    >>> normalised_url("git@github.com:Foo/Bar.git")
    'github.com/foo/bar'
    """
    url = url.strip()
    if "://" in url:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return ""
        if not host or parts.scheme == "file":
            return ""
        # The port of ssh says nothing of whose repository it is; that of a web server can.
        own_port = parts.scheme in ("http", "https") and port not in (None, 80, 443)
        path = unquote(parts.path)
        where = f"{host}:{port}" if own_port else host
    elif match := _SCP.fullmatch(url):
        host, path = match[1].strip("[]").lower(), match[2]
        where = host
    else:
        return ""
    path = re.sub(r"/+", "/", path).strip("/").removesuffix(".git").rstrip("/")
    if not path:
        return ""
    return f"{where}/{path.lower() if host in CASE_BLIND_HOSTS else path}"


def identity_as_written(name: str) -> str:
    """A repository as somebody names it, by its URL or by what lists call it in whatever case, as it is called in a
    store.

    >>> identity_as_written("github.com/Foo/Bar")
    'github.com/foo/bar'
    >>> identity_as_written("git.example.com:8080/Foo"), identity_as_written("team:web")
    ('git.example.com:8080/Foo', 'team:web')
    """
    is_url = "://" in name or "@" in name.partition(":")[0]
    if is_url and (url := normalised_url(name)):
        return url
    host, below, _ = name.strip().partition("/")
    return normalised_url(f"https://{name.strip()}") if below and host.lower() in CASE_BLIND_HOSTS else name


def _by_first_commit(repository: Repository) -> str:
    """`name@commit`. In a shallow clone, the oldest commit that it has; before any commit, a hash of the place."""
    common = repository.common_dir
    name = common.parent.name if common.name == ".git" else common.name.removesuffix(".git")
    try:
        roots = repository.git.run("rev-list", "--max-parents=0", "HEAD").decode("ascii").split()
    except GitFailed:
        roots = []
    return f"{name}@{roots[-1][:12]}" if roots else f"{name}@{_short_hash(str(common))}"


def disk_view(root: Path, prefix: str) -> str:
    """The view of a folder on this machine. Teammates whose folders have the same path share a store, but not a
    view."""
    machine = platform.node().partition(".")[0].lower()
    return f"worktree:{root.name}-{_short_hash(f'{machine}:{root}')}{_below(prefix)}"


def ref_view(ref: str, prefix: str) -> str:
    """The view of a branch, tag or commit."""
    return f"ref:{ref}{_below(prefix)}"


def _below(prefix: str) -> str:
    return f":{prefix}" if prefix else ""


def _short_hash(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:8]
