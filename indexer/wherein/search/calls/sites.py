"""The calls in a text, as its language's calls.scm finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wherein.chunking.parse import OutOfTime, parse

if TYPE_CHECKING:
    from wherein.languages.registry import Language

PENDING_MATCHES = 4_096
"""Matches that the query may have begun at once."""

LONGEST_RECEIVER = 200
"""Bytes. Of a longer expression only the end tells what it is anyway."""

LONGEST_TEXT = 2_000_000
"""Characters. Longer files are data."""

_IMPORT = re.compile(
    r"^\s*(?:import|from|use|using|include|require(?:_relative|_once)?|alias|open|#\s*include|@import|package"
    r"|(?:const|let|var|local|export)\b.*(?:\brequire\b|\bfrom\b|@import))\b.*",
    re.MULTILINE,
)
_LIST = re.compile(r"^\s*(?:from|import|use|using)\b[^\n]*[({]([^)}]{0,4000})[)}]", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Site:
    """One call."""

    name: str
    receiver: str
    """the expression it is called on, as written; empty without one"""
    line: int
    """from 1"""


def call_sites(text: str, language: Language) -> list[Site]:
    """All calls in a file, in order; none where the language has no query, or parsing it would take too long."""
    from tree_sitter import QueryCursor

    if not language.grammar or language.calls is None or len(text) > LONGEST_TEXT:
        return []
    try:
        tree = parse(text.encode("utf-8", "replace"), language)
    except OutOfTime:
        return []
    found: dict[tuple[int, int], Site] = {}
    for _, captures in QueryCursor(language.calls, match_limit=PENDING_MATCHES).matches(tree.root_node):
        node = captures["call"][0]
        receiver = captures.get("receiver")
        written = receiver[0].text or b"" if receiver else b""
        where = (node.start_byte, node.end_byte)
        if where in found and found[where].receiver:
            continue
        name = (node.text or b"").decode("utf-8", "replace")
        said = written[-LONGEST_RECEIVER:].decode("utf-8", "replace")
        found[where] = Site(name, said, node.start_point.row + 1)
    return [found[where] for where in sorted(found)]


def import_lines(text: str) -> list[frozenset[str]]:
    """The words of each import of a file, in lower case: the modules and names it may use without further ado."""
    found = [match[0] for pattern in (_IMPORT, _LIST) for match in pattern.finditer(text)]
    return [frozenset(word.casefold() for word in _WORD.findall(each)) for each in found]
