"""farm.toml: which repositories a farm keeps, and its limits."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from pathlib import Path
from typing import Any

from wherein.errors import ConfigError
from wherein.git.remote import KNOWN_PROTOCOLS, PROTOCOLS
from wherein.quick_dataclass import dataclass

FORGES = ("github", "gitlab", "gitea")

PLACE = "WHEREIN_FARM_FILE"
"""The variable that names the file if `--file` does not."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository of the file."""

    url: str
    branch: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """All repositories of an organisation, group or user, as its forge lists them."""

    forge: str
    name: str
    api: str
    token_env: str = ""
    exclude: Sequence[str] = ()
    """patterns of names, as in a shell"""
    archived: bool = False
    forks: bool = False
    ssh: bool = False
    """fetch by ssh instead of https"""

    @property
    def key(self) -> str:
        """Marks in the list where its repositories come from."""
        return f"{self.forge}:{self.api}:{self.name}"


@dataclass(frozen=True, slots=True)
class FarmFile:
    """What the file says."""

    repositories: Sequence[Listed] = ()
    organisations: Sequence[Organisation] = ()
    tokens: Mapping[str, str] = field(default_factory=dict)
    """host → the variable with the token that git logs in with"""
    protocols: Sequence[str] = PROTOCOLS
    max_megabytes: int = 2_000
    """of one commit, packed"""
    fetch_seconds: int = 1_800
    job_seconds: int = 7_200
    tries: int = 5
    """in a row, before a repository is set aside"""
    poll_minutes: float = 15.0
    list_minutes: float = 60.0
    clean_hours: float = 24.0
    per_host: int = 4
    """fetches and polls of one host at the same time"""
    deep_part_chunks: int = 5_000
    """for so many chunks one more worker fills a deep tier: two minutes of a small transformer"""
    given: bool = False
    """whether there is a file"""


_APIS = {"github": "https://api.github.com", "gitlab": "https://gitlab.com"}

_NUMBERS = tuple(each.name for each in fields(FarmFile) if type(each.default) in (int, float))


def read_farm_file(path: Path | None) -> FarmFile:
    """The file named by an argument or by PLACE; without one, the defaults. Raises ConfigError."""
    if path is None and (named := os.environ.get(PLACE, "").strip()):
        path = Path(named)
    if path is None:
        return FarmFile()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError(f"{path} cannot be read: {why}.", remedy="check --file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from None
    return _Reader(path).farm(found)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def farm(self, found: Mapping[str, Any]) -> FarmFile:
        known = {each.name for each in fields(FarmFile)} - {"given"}
        if unknown := sorted(found.keys() - known):
            raise self._wrong(f"sets {unknown[0]}, which is not a setting of a farm")
        values: dict[str, Any] = {name: self._number(name, found[name]) for name in _NUMBERS if name in found}
        if "protocols" in found:
            values["protocols"] = self._protocols(found["protocols"])
        values["repositories"] = [self._listed(each) for each in self._list(found, "repositories")]
        values["organisations"] = [self._organisation(each) for each in self._list(found, "organisations")]
        tokens = found.get("tokens", {})
        if not isinstance(tokens, dict) or not all(isinstance(each, str) for each in tokens.values()):
            raise self._wrong('has tokens that are not a table of host = "VARIABLE"')
        return FarmFile(**values, tokens={host.lower(): name for host, name in tokens.items()}, given=True)

    def _list(self, found: Mapping[str, Any], name: str) -> list[Any]:
        given = found.get(name, [])
        if not isinstance(given, list):
            raise self._wrong(f"has {name} that are not a list")
        return given

    def _number(self, name: str, value: object) -> int | float:
        whole = isinstance(getattr(FarmFile(), name), int)
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or value <= 0:
            raise self._wrong(
                f"sets {name} to something other than a {'whole ' if whole else ''}number above 0"
            )
        return value

    def _protocols(self, given: object) -> Sequence[str]:
        if not isinstance(given, list) or not given or not set(map(str, given)) <= KNOWN_PROTOCOLS:
            raise self._wrong(
                f"sets protocols to something other than a list of {', '.join(sorted(KNOWN_PROTOCOLS))}"
            )
        return tuple(given)

    def _listed(self, given: object) -> Listed:
        if isinstance(given, str):
            return Listed(given)
        if (
            isinstance(given, dict)
            and isinstance(given.get("url"), str)
            and given.keys() <= {"url", "branch", "name"}
        ):
            return Listed(**{key: str(value) for key, value in given.items()})
        raise self._wrong("lists a repository that is neither a URL nor a table with url, branch and name")

    def _organisation(self, given: object) -> Organisation:
        known = {each.name for each in fields(Organisation)}
        if not isinstance(given, dict) or not given.keys() <= known:
            raise self._wrong(f"has an organisation with keys other than {', '.join(sorted(known))}")
        forge, name = given.get("forge"), given.get("name")
        if forge not in FORGES or not isinstance(name, str) or not name:
            raise self._wrong(
                f"has an organisation without a name, or whose forge is none of {', '.join(FORGES)}"
            )
        api = given.get("api") or _APIS.get(forge)
        if not isinstance(api, str) or not api.startswith(("https://", "http://")):
            raise self._wrong(f"names no api (https://…) for {name}")
        return Organisation(**{**given, "api": api.rstrip("/"), "exclude": tuple(given.get("exclude", ()))})

    def _wrong(self, what: str) -> ConfigError:
        return ConfigError(f"{self._path} {what}.", remedy='see docs/scale.md, "farm.toml"')
