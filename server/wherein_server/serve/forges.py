"""Links to what was found, at its forge, at the indexed commit."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from wherein.errors import ConfigError
from wherein.packaged import files

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_REPOSITORY = re.compile(r"(?P<host>[A-Za-z0-9.-]+\.[A-Za-z0-9-]+(?::\d+)?)/(?P<repository>[^/\s][^\s]*)")


class Forges:
    """`hosts`: further hosts and what they run."""

    def __init__(self, hosts: Mapping[str, str] | None = None) -> None:
        self._hosts = {name.lower(): forge for name, forge in (hosts or {}).items()}

    def link(self, repository: str, commit: str | None, path: str, first: int, last: int) -> str | None:
        """The address of some lines; None if the forge, or the commit, is not known."""
        match = _REPOSITORY.fullmatch(repository)
        if match is None or commit is None or not _COMMIT.fullmatch(commit):
            return None
        forge = self._forge(match["host"].lower())
        if forge is None:
            return None
        return str(_known()[forge]["file"]).format(
            host=match["host"],
            repository=quote(match["repository"]),
            commit=commit,
            path=quote(path.encode("utf-8", "surrogateescape")),
            first=first,
            last=last,
        )

    def _forge(self, host: str) -> str | None:
        if host in self._hosts:
            return self._hosts[host]
        known = _known()
        for name, forge in known.items():
            if host in forge["hosts"]:
                return name
        return next(
            (name for name, forge in known.items() if any(map(host.startswith, forge["prefixes"]))), None
        )


def forges(given: Sequence[str]) -> Forges:
    """Of `HOST=FORGE`. Raises ConfigError."""
    hosts = {}
    for each in given:
        host, _, forge = each.partition("=")
        if not host.strip() or forge.strip().lower() not in _known():
            raise ConfigError(
                f"{each!r} does not name a forge.", remedy=f"--forge git.example.com={'|'.join(_known())}"
            )
        hosts[host.strip()] = forge.strip().lower()
    return Forges(hosts)


@cache
def _known() -> Mapping[str, Any]:
    text = files("wherein_server.serve").joinpath("forges.toml").read_text("utf-8")
    found: Mapping[str, Any] = tomllib.loads(text)["forges"]
    return found
