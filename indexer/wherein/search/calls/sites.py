"""The calls in a text, as its language's calls.scm finds them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from wherein.chunking.parse import matches, parse
from wherein.parsing import bounded
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

    from wherein.languages.registry import Language

LONGEST_RECEIVER = 200
"""Bytes. Of a longer expression only the end tells what it is anyway."""

LONGEST_TEXT = 2_000_000
"""Characters. Longer files are data."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Site:
    """One call."""

    name: str
    receiver: str
    """the expression it is called on, as written; empty without one"""
    line: int
    """from 1"""
    own: bool = False
    """the receiver is the method's own object, by declaration"""


def call_sites(text: str, language: Language) -> list[Site]:
    """All calls in a file, in order; none where the language has no query, or finding them would take too much."""
    if not language.grammar or len(text) > LONGEST_TEXT:
        return []
    try:
        return [Site(*fields) for fields in bounded.ask("calls", language.name, text)]
    except bounded.GaveUp:
        return []


def sites_in(text: str, language: Language) -> list[Site]:
    """The same without bounds, for the process that has them."""
    if language.calls is None:
        return []
    data = text.encode("utf-8", "replace")
    found_in_tree = matches(parse(data, language), language.calls)
    found: dict[tuple[int, int], Site] = {}
    own: list[tuple[int, int, str]] = []
    """first row, last row, and what a method calls its object there"""
    for _, captures in found_in_tree:
        if "own" in captures:
            scope, name = captures["own.scope"][0], _text(captures["own"][0], data)
            own.append((scope.start_point.row + 1, scope.end_point.row + 1, name))
            continue
        node = captures["call"][0]
        receiver = captures.get("receiver")
        said = _text(receiver[0], data) if receiver else ""
        where = (node.start_byte, node.end_byte)
        if where in found and found[where].receiver:
            continue
        found[where] = Site(_text(node, data), said, node.start_point.row + 1)
    sites = [found[where] for where in sorted(found)]
    if own:
        objects = {(row, name) for first, last, name in own for row in range(first, last + 1)}
        sites = [replace(site, own=(site.line, site.receiver) in objects) for site in sites]
    return sites


def _text(node: Node, data: bytes) -> str:
    """The end of a node's text: `Node.text` takes ten times as long."""
    return data[max(node.start_byte, node.end_byte - LONGEST_RECEIVER) : node.end_byte].decode(
        "utf-8", "replace"
    )


def import_lines(text: str, language: Language) -> list[frozenset[str]]:
    """The words of each import of a file, in lower case: the modules and names it may use without further ado."""
    if language.import_pattern is None:
        return []
    found = (match[0] for match in language.import_pattern.finditer(text))
    return [frozenset(word.casefold() for word in _WORD.findall(each)) for each in found]
