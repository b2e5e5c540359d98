"""Which encoding a file declares, and which encoding a name means; names and places are in encodings.toml."""

import codecs
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HEAD_LINES = 2
"""Where Python and Emacs look for a declaration."""
EDGE_LINES = 5
"""Where Vim looks, at the beginning and at the end."""
EDGE_BYTES = 3_000
"""No further than this: where Emacs looks at the end, and browsers (1,024) and LaTeX at the beginning."""
LONGEST_NAME = 40
"""Characters."""

_END_OF_LINE = re.compile(r"[-_](?:unix|dos|mac|bom)$")
"""Emacs and git say more in one word."""

_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ibm|dos|ms)[-_]?(\d+)")
"""Of which Python knows one or two spellings each."""


class _Declaration(NamedTuple):
    place: str
    pattern: re.Pattern[str]


def known_encoding(name: str) -> str:
    """Python's name of the encoding that a declaration means; "" for one that text is not read in."""
    asked = name.strip().lower()
    if not asked or len(asked) > LONGEST_NAME:
        return ""
    return _known(_END_OF_LINE.sub("", asked))


def passes_for_utf8(encoding: str) -> bool:
    """Whether texts in an encoding, by Python's name, have ASCII bytes alone."""
    return encoding in _table()["seven_bits"]


def declared_encoding(data: bytes) -> str:
    """What a file itself says, by Python's name; "" if it says nothing that is known."""
    start, end = data[:EDGE_BYTES].decode("latin-1"), data[-EDGE_BYTES:].decode("latin-1")
    first, last = start.splitlines(), end.splitlines()
    places = {
        "start": start,
        "text": start,
        "head": "\n".join(first[:HEAD_LINES]),
        "edges": "\n".join(first[:EDGE_LINES] + last[-EDGE_LINES:]),
    }
    for place, pattern in _declarations():
        text = places[place]
        found = pattern.match(text) if place == "start" else pattern.search(text)
        if found and (encoding := known_encoding(found[1])):
            return encoding
    return ""


@cache
def _known(name: str) -> str:
    table = _table()
    page = _CODE_PAGE.fullmatch(name)
    name = table["names"].get(name, f"cp{page[1]}" if page else name)
    if name.isascii():
        try:
            python = codecs.lookup(name).name.replace("-", "_")
        except (LookupError, ValueError):
            return ""
        name = table["wider"].get(python, python)
    return name if name in table["known"] else ""


@cache
def _declarations() -> list[_Declaration]:
    return [
        _Declaration(each["in"], re.compile(each["pattern"], re.IGNORECASE | re.MULTILINE))
        for each in _table()["declarations"]
    ]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("encodings.toml").read_text(encoding="utf-8"))
