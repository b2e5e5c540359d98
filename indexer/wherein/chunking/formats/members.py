"""Where the members of JSON objects and arrays are in a text. Nothing is built and nothing recurses, so size,
depth and errors in the text do not matter; comments, as in JSONC, are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wherein.quick_dataclass import dataclass

_TOKEN = re.compile(
    r"""
    (?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+"?)
  | (?P<mark>[\[\]{},:])
  | //[^\n]*+ | /\*(?:.*?\*/|.*)
  | (?P<word>[^\s\[\]{},:"/]++)
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object, or an element of an array: with an empty key and `start` at its value."""

    key: str
    """as written, between the quotes"""
    start: int
    value: int
    end: int
    """offsets: of the key, of the value, and after the value"""


def opening(text: str) -> int | None:
    """The offset of the object or array that the text consists of."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup is not None:
            return token.start() if token[0] in "{[" else None
    return None


def members(text: str, container: int) -> Iterator[Member]:
    """The direct members of the object or array that opens at offset `container`."""
    depth = 0
    key = ""
    start = value = end = -1
    for token in _TOKEN.finditer(text, container):
        kind = token.lastgroup
        if kind is None:
            continue
        mark = token[0] if kind == "mark" else ""
        if mark in ("]", "}"):
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and mark == ",":
            if value >= 0:
                yield Member(key, start, value, end)
            key, start, value = "", -1, -1
            continue
        elif depth == 1 and mark == ":" and text[container] == "{":
            key = text[start:end].strip("\"'")
            value = -1
            continue
        elif depth == 1 and value < 0:
            value = token.start()
            start = value if start < 0 else start
        if mark in ("[", "{"):
            depth += 1
        end = token.end()
    if value >= 0:
        yield Member(key, start, value, end)
