"""Filters of a query that is still being typed: `kind:fu`, `lang:`, `path:"my fo`. Not mistakes yet."""

import re
from collections.abc import Sequence
from pathlib import Path

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.scopes import SCOPES, checked_scopes
from wherein.search.inline_filters import KINDS, checked_kinds, quoted
from wherein_server.cli.patterns import patterns

EXAMPLES = {
    "kind": f"kind: takes {', '.join(KINDS)}.",
    "lang": "lang: takes a language, such as lang:python.",
    "scope": f"scope: takes {', '.join(SCOPES)}.",
    "path": "path: takes a path or a pattern, such as path:src/** or -path:tests.",
}
"""What is said of a filter without a value."""

_FILTER = re.compile(
    r'(?<!\S)(?P<sign>-?)(?P<key>path|lang|kind|scope):(?P<value>"[^"]*(?:"|\Z)|[^\s"]*(?!\S))'
)
_SIGNS = frozenset('*?[\\!"')


@dataclass(frozen=True, slots=True)
class Typed:
    """A query as it is meant so far."""

    query: str
    """empty if there is nothing to look for yet"""
    notes: tuple[str, ...] = ()
    """sentences on what was not taken as it stands"""


def completed(text: str, place: Path, *, typing: bool) -> Typed:
    """A query without the filters that have no value yet, and with those that are the beginning of values replaced by
    all of these. While somebody is `typing`, what cannot be a filter is left out and told; at the end it stays, to be
    refused."""
    notes: list[str] = []

    def read(match: re.Match[str]) -> str:
        sign, key, value = match["sign"], match["key"], match["value"].strip('"')
        if sign and key != "path":
            return match[0]
        if not value.strip():
            notes.append(EXAMPLES[key])
            return ""
        try:
            meant = _meant(key, value, place, last=typing and match.end() == len(text))
        except ConfigError as problem:
            if not typing:
                return match[0]
            notes.append(f"{problem.message} Try: {problem.remedy}." if problem.remedy else problem.message)
            return ""
        if key != "path" and list(meant) != [value]:
            notes.append(f"{key}:{value} is taken to mean {' or '.join(meant)}.")
        return " ".join(f"{sign}{key}:{quoted(each)}" for each in meant)

    query = " ".join(_FILTER.sub(read, text).split(" ")).strip()
    return Typed(query, tuple(dict.fromkeys(notes)))


def _meant(key: str, value: str, place: Path, *, last: bool) -> Sequence[str]:
    """The values that one begins, or is. Raises ConfigError for one that begins none."""
    if key == "kind":
        wanted = value.lower()
        begun = [] if wanted in KINDS else [kind for kind in KINDS if kind.startswith(wanted)]
        return begun or checked_kinds([wanted])
    if key == "scope":
        wanted = value.lower()
        return [scope for scope in SCOPES if scope.startswith(wanted)][:1] or checked_scopes([wanted])
    if key == "lang":
        from wherein.languages.registry import beginning, resolve

        try:
            resolve(value)
        except ConfigError:
            if begun := beginning(value):
                return begun
            raise
        return [value]
    patterns([value], place)
    begins = last and not value.endswith("/") and _SIGNS.isdisjoint(value)
    return [value, f"{value}*"] if begins else [value]
