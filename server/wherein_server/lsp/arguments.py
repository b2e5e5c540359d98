"""The JSON arguments of commands and custom requests: read into values, or refused with a sentence."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wherein.config.settings import MOST_RESULTS
from wherein.errors import ConfigError
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.positions import line_of

TOKENS = ("workDoneToken", "partialResultToken")


class Arguments:
    """One JSON object. Reading a value of another type than wanted raises ConfigError."""

    def __init__(self, given: object, names: Sequence[str]) -> None:
        if given is None or given == []:  # Lua's empty table becomes an empty list
            given = {}
        if not isinstance(given, Mapping):
            raise ConfigError(f"The arguments are one object with {_listed(names)}.")
        for name in given:
            if name not in names and name not in TOKENS:
                near = difflib.get_close_matches(str(name), names, n=1)
                meant = f" Did you mean {near[0]!r}?" if near else f" There are {_listed(names)}."
                raise ConfigError(f"There is no argument {str(name)[:80]!r}.{meant}")
        self._given: Mapping[str, Any] = given

    def __contains__(self, name: str) -> bool:
        return self._given.get(name) is not None

    def value(self, name: str) -> object:
        """As it is; None where it is not given."""
        return self._given.get(name)

    def text(self, name: str) -> str:
        """A text with something in it, which must be given."""
        value = self._given.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{name!r} must be given, as a text that is not empty.")
        return readable(value)

    def switch(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        raise ConfigError(f"{name!r} is true or false.")

    def limit(self) -> int | None:
        """`limit`: how many results, None where it is not given."""
        value = self._given.get("limit")
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigError("'limit' is a whole number from 1.")
        return min(value, MOST_RESULTS)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one alone is taken for a list of one."""
        value = self._given.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, Sequence) or not all(isinstance(each, str) for each in value):
            raise ConfigError(f"{name!r} is a list of texts.")
        return tuple(readable(each) for each in value)

    def mode(self) -> str | None:
        """`mode`: a text; the search itself knows the modes."""
        return self.text("mode") if "mode" in self else None


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a document as the editor shows it."""

    uri: str
    line: int
    """1-based"""


def place(arguments: Arguments) -> Place:
    """`uri` (or `textDocument`) with `position`, or with `range`, of which the beginning counts."""
    uri = arguments.value("uri")
    document = arguments.value("textDocument")
    if uri is None and isinstance(document, Mapping):
        uri = document.get("uri")
    if not isinstance(uri, str) or not uri:
        raise ConfigError("'uri' must be given: the document's URI.")
    position = arguments.value("position")
    span = arguments.value("range")
    if position is None and isinstance(span, Mapping):
        position = span.get("start")
    if position is None:
        raise ConfigError("'position' must be given.")
    return Place(uri, line_of(position))


PLACE_NAMES = ("uri", "textDocument", "position", "range")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
