"""JSON with comments and trailing commas, changed in one place: every other byte stays as it was."""

import json
import re
from collections.abc import Mapping
from typing import Any

from wherein.quick_dataclass import dataclass

_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=(?>\s+|//[^\n]*|/\*.*?\*/)*+[}\]])', re.DOTALL
)
"""Strings, which are passed over; comments and trailing commas, which are blanked. Comments after a comma are read in
one way alone: there are many to read a rule of slashes."""

_SPACE = re.compile(r"\s*")


class Unreadable(ValueError):
    """This is no JSON, or not of the form that was expected."""


@dataclass(frozen=True, slots=True)
class _Member:
    key: str
    start: int
    """of the key"""
    value: int
    end: int
    """after the value"""


def loads(text: str) -> dict[str, Any]:
    """The object that a text holds; an empty text is an empty object. Raises Unreadable."""
    if not text.strip():
        return {}
    try:
        found = json.loads(_plain(text))
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if not isinstance(found, dict):
        raise Unreadable("it does not hold an object")
    return found


def put(text: str, key: str, name: str, value: Mapping[str, Any]) -> str:
    """The text with `value` as `name` in the object `key` of the outermost one."""
    if not text.strip():
        return json.dumps({key: {name: value}}, indent=2) + "\n"
    plain = _plain(text)
    indent = _indent(plain)
    outer = plain.index("{")
    table = _member(plain, outer, key)
    if table is None:
        return _insert(text, plain, outer, key, {name: value}, indent, 1)
    if plain[table.value] != "{":
        raise Unreadable(f"{key} is not an object")
    known = _member(plain, table.value, name)
    if known is None:
        return _insert(text, plain, table.value, name, value, indent, 2)
    return text[: known.value] + _dumped(value, indent, 2) + text[known.end :]


def take(text: str, key: str, name: str, *, with_key: bool) -> str:
    """The text without `name` in the object `key`; `with_key`: without that, too, where nothing else is in it."""
    plain = _plain(text)
    table = _member(plain, plain.index("{"), key)
    if table is None or plain[table.value] != "{":
        return text
    text = _remove(text, plain, table.value, name)
    if not with_key or loads(text)[key]:
        return text
    plain = _plain(text)
    return _remove(text, plain, plain.index("{"), key)


def _insert(
    text: str, plain: str, brace: int, key: str, value: Mapping[str, Any], indent: str, depth: int
) -> str:
    """As the first member: all that follows stays as it is."""
    entry = f"{json.dumps(key)}: {_dumped(value, indent, depth)}"
    at = brace + 1
    if plain[at:].lstrip()[:1] != "}":
        entry = f"\n{indent * depth}{entry},"
        if not plain[at:].lstrip(" \t").startswith(("\n", "\r")):
            entry += " "
    elif plain[at] == "}" and text[at] == "}":
        entry = f" {entry} "
    else:
        entry = f"\n{indent * depth}{entry}"
    return text[:at] + entry + text[at:]


def _remove(text: str, plain: str, brace: int, name: str) -> str:
    """The reverse of `_insert`, and good for a member that stands elsewhere."""
    members = _members(plain, brace)
    found = next((each for each in members if each.key == name), None)
    if found is None:
        return text
    start, end = found.start, found.end
    before = plain[brace + 1 : start]
    follows = _SPACE.match(plain, end)
    assert follows is not None
    if plain[follows.end()] == ",":
        end = follows.end() + 1
        if found is members[0] and "\n" in before and re.match(r" [^\s]| +[^\s]", plain[end:]):
            end += 1  # the blank that `_insert` put there
    elif found is not members[0]:
        comma = plain.rindex(",", brace, start)
        text, plain = text[:comma] + text[comma + 1 :], plain[:comma] + plain[comma + 1 :]
        start, end = start - 1, end - 1
    elif text[brace + 1 : start] == " " and text[end : end + 2] == " }":
        return text[: brace + 1] + text[end + 1 :]
    elif text[end : end + 1] == ",":
        end += 1  # a trailing comma
    line = text.rfind("\n", brace, start)
    if line >= 0 and not text[line + 1 : start].strip():
        start = line - (text[line - 1] == "\r")
    return text[:start] + text[end:]


def _members(plain: str, brace: int) -> list[_Member]:
    """The members of the object that begins at a brace."""
    decoder = json.JSONDecoder()
    members: list[_Member] = []
    at = _skip(plain, brace + 1)
    while plain[at] != "}":
        key, end = decoder.raw_decode(plain, at)
        value = _skip(plain, _skip(plain, end) + 1)
        _, end = decoder.raw_decode(plain, value)
        members.append(_Member(key, at, value, end))
        at = _skip(plain, end)
        if plain[at] == ",":
            at = _skip(plain, at + 1)
    return members


def _member(plain: str, brace: int, key: str) -> _Member | None:
    return next((each for each in _members(plain, brace) if each.key == key), None)


def _skip(plain: str, at: int) -> int:
    found = _SPACE.match(plain, at)
    return found.end() if found else at


def _plain(text: str) -> str:
    """Strict JSON of the same length."""
    return _TOKEN.sub(lambda m: m[0] if m[0][0] == '"' else re.sub(r"[^\n\r]", " ", m[0]), text)


def _indent(plain: str) -> str:
    found = re.search(r"\{\s*\n([ \t]+)", plain)
    return found[1] if found else "  "


def _dumped(value: Mapping[str, Any], indent: str, depth: int) -> str:
    return json.dumps(value, indent=indent).replace("\n", "\n" + indent * depth)
