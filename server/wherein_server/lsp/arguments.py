"""The JSON arguments of commands and custom requests: read into values, or refused with a sentence."""

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wherein.config.sections import MOST_RESULTS
from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.scopes import checked_scopes
from wherein.search.inline_filters import checked_kinds
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.positions import line_of

if TYPE_CHECKING:
    from wherein.search_options import SearchFilters

TOKENS = ("workDoneToken", "partialResultToken")


class Arguments:
    """One JSON object. Reading a value of another type than wanted raises ConfigError."""

    def __init__(self, given: object, names: Sequence[str]) -> None:
        if given is None or given == []:  # Lua's empty table becomes an empty list
            given = {}
        if not isinstance(given, Mapping):
            raise ConfigError(f"The arguments must be one object with {_listed(names)}.")
        for name in given:
            if name not in names and name not in TOKENS:
                near = difflib.get_close_matches(str(name), names, n=1)
                meant = f" Did you mean {near[0]!r}?" if near else f" There are {_listed(names)}."
                raise ConfigError(f"There is no argument {str(name)[:80]!r}.{meant}")
        self._given: Mapping[str, Any] = given

    def __contains__(self, name: str) -> bool:
        return self._given.get(name) is not None

    def value(self, name: str) -> object:
        """As it is; None if it is not given."""
        return self._given.get(name)

    def text(self, name: str, *, empty: bool = False) -> str:
        """A text with something in it, unless it may be `empty`, which must be given."""
        value = self._given.get(name)
        if not isinstance(value, str) or not (value.strip() or empty):
            raise ConfigError(f"{name!r} must be given, as a string that is not empty.")
        return readable(value)

    def switch(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        raise ConfigError(f"{name!r} must be true or false.")

    def limit(self) -> int | None:
        """`limit`: how many results, None if it is not given."""
        value = self._whole("limit", least=1)
        return None if value is None else min(value, MOST_RESULTS)

    def offset(self) -> int:
        """`offset`: how many results are passed over."""
        return self._whole("offset", least=0) or 0

    def _whole(self, name: str, least: int) -> int | None:
        value = self._given.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= least):
            return value
        raise ConfigError(f"{name!r} must be a whole number from {least}.")

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some words; the first where none is given."""
        value = self._given.get(name)
        if value is None:
            return choices[0]
        if value in choices:
            return str(value)
        raise ConfigError(f"{name!r} must be one of {_listed(choices)}.")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one alone is taken for a list of one."""
        value = self._given.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, Sequence) or not all(isinstance(each, str) for each in value):
            raise ConfigError(f"{name!r} must be a list of strings.")
        return tuple(readable(each) for each in value)

    def filters(self) -> "SearchFilters":
        """What may be found. Raises ConfigError for a kind or a scope that there is not."""
        return {
            "languages": self.texts("languages"),
            "paths": self.texts("paths"),
            "exclude": self.texts("exclude"),
            "kinds": checked_kinds(self.texts("kinds")),
            "scopes": checked_scopes(self.texts("scopes")),
        }

    def mode(self) -> str | None:
        """`mode`: a text; the search itself knows the modes."""
        return self.text("mode") if "mode" in self else None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document as the editor shows it."""

    uri: str
    line: int
    """1-based"""
    character: int = 0
    """column, in the negotiated units"""


def place(arguments: Arguments) -> Place:
    """`uri` (or `textDocument`) with `position`, or with `range`, of which the beginning counts."""
    uri = arguments.value("uri")
    document = arguments.value("textDocument")
    if uri is None and isinstance(document, Mapping):
        uri = document.get("uri")
    if not isinstance(uri, str) or not uri:
        raise ConfigError("'uri' must be given, the document's URI, or 'symbol', a name.")
    position = arguments.value("position")
    span = arguments.value("range")
    if position is None and isinstance(span, Mapping):
        position = span.get("start")
    if position is None:
        raise ConfigError("'position' must be given.")
    line = line_of(position)
    return Place(uri, line, position.get("character", 0) if isinstance(position, dict) else 0)


PLACE_NAMES = ("uri", "textDocument", "position", "range")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
