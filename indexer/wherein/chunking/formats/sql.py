"""SQL by statement: what a statement creates is its symbol. Quotes of all dialects, procedure bodies,
`DELIMITER`, `GO` and the data of `COPY` are seen through, so that a `;` inside them ends nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, comment_text, cover, short_name
from wherein.chunking.formats.spans import BlockPlacer, LineIndex, skip_space
from wherein.chunking.lines import split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 30
HEAD_CHARACTERS = 500
"""How much of a statement is looked at for what it creates."""

KINDS = {
    "table": "table",
    "view": "table",
    "function": "function",
    "procedure": "function",
    "proc": "function",
    "trigger": "function",
    "aggregate": "function",
    "macro": "macro",
    "type": "type",
    "domain": "type",
    "schema": "namespace",
    "database": "namespace",
    "package": "namespace",
    "package body": "namespace",
}
"""Kinds of what CREATE creates; the rest (indexes, sequences, policies, …) is `text` with a symbol."""

_TOKEN = re.compile(
    r"""
    --[^\n]*+ | ^[ \t]*+\#[^\n]*+ | /\*(?:.*?\*/|.*) | \{\#(?:.*?\#\}|.*)
  | '(?:[^'\\]|''|\\'(?!\s*[,;)])|\\)*+'?
  | "[^"\n]*+"? | `[^`\n]*+`?
  | (?P<dollar>\$(?:[A-Za-z_]\w*)?\$)
  | ^[ \t]*+(?P<go>go)[ \t\r]*$
  | ^[ \t]*+delimiter[ \t]++(?P<delimiter>\S++)[^\n]*+
  | ^(?P<create>create)(?=\s+(?:or\s+(?:replace|alter)\s+)?(?:function|procedure|proc|trigger|view|package)\b)
  | \b(?P<open>begin(?!\s+tran)|case)\b
  | \b(?P<close>end)\b(?:(?P<other>\s++(?:if|loop|while|repeat|for)\b)|\s++case\b)?
  | (?P<end>;)
    """,
    re.IGNORECASE | re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_NAME = r"""(?:[\w$#@]+|"[^"\n]+"|`[^`\n]+`|\[[^\]\n]+\])"""
_CREATE = re.compile(
    rf"""
    (?:create|alter(?=\s+(?:proc|procedure|function|view)\b)|replace(?=\s+view\b))\s+
    (?:or\s+(?:replace|alter)\s+)?
    (?:(?:global|local|temp|temporary|unlogged|external|foreign|materialized|recursive|unique|clustered
        |nonclustered|virtual|constraint|aggregate|transient|fulltext|spatial|columnstore|editionable
        |definer\s*=\s*\S+|algorithm\s*=\s*\w+|sql\s+security\s+\w+)\s+)*
    (?P<what>table|view|function|procedure|proc|trigger|aggregate|macro|type|domain|schema|database
        |package(?:\s+body)?|index|sequence|policy|rule|role|extension|event|operator|publication)\s+
    (?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?!on\b)
    (?P<name>{_NAME}(?:\s*\.\s*{_NAME})*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ROUTINE = re.compile(
    r"\s*(?:create|alter)\s[^;(]{0,200}?\b(?:function|procedure|proc|trigger|package|event)\b", re.IGNORECASE
)
_COPY = re.compile(r"copy\s[^;]{0,2000}\bfrom\s+stdin\b", re.IGNORECASE)
_DELIMITER = re.compile(r"^[ \t]*+delimiter[ \t]", re.IGNORECASE | re.MULTILINE)
_LEADING = re.compile(
    r"(?:\s++|--[^\n]*+|\#[^\n]*+|/\*(?:.*?\*/|.*)|delimiter[ \t]++\S++|go\b[ \t\r]*$)*+",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of an SQL script."""
    lines = split_lines(text)
    placer = BlockPlacer(LineIndex(text))
    for start, end in _statements(text):
        start = skip_space(text, start)
        head = _skip_leading(text, start, end)  # what a GO alone ends begins with nothing of the next one
        created = _CREATE.match(text, head, min(head + HEAD_CHARACTERS, end))
        if created is None:
            block = Block(0, "text", family="statement")
        else:
            name = ".".join(part.strip(' "`[]') for part in re.split(r"\s*\.\s*", created["name"]))
            kind = KINDS.get(" ".join(created["what"].lower().split()), "text")
            comment = comment_text(text[start:head].split("\n"), 0, text.count("\n", start, head), "-/*# ")
            block = Block(
                0,
                kind,
                symbol=short_name(name.rpartition(".")[2]),
                qualified_name=short_name(name),
                signature=short_name(text[head : head + HEAD_CHARACTERS].partition("\n")[0]),
                doc=comment,
            )
        placer.place(block, start, end)
    return cover(lines, placer.blocks, gather=GATHERED_LINES)


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of each statement, the comments above it and its terminator included."""
    start = position = depth = 0
    routine: bool | None = None
    """whether the statement is one whose BEGIN … END may hold `;`; None until that is asked"""
    while match := _TOKEN.search(text, position):
        position = end = match.end()
        group = match.lastgroup
        if group == "dollar":
            closing = text.find(match[0], position)
            position = len(text) if closing < 0 else closing + len(match[0])
        elif group in ("open", "close"):
            if routine is None:
                routine = _ROUTINE.match(text, _skip_leading(text, start)) is not None
            if routine:
                depth = depth + 1 if group == "open" else max(0, depth - 1)
        elif group == "delimiter" and match[group] != ";":
            restored = _DELIMITER.search(text, position)
            stop = restored.start() if restored else len(text)
            while (at := text.find(match[group], position, stop)) >= 0:
                position = at + len(match[group])
                yield start, position
                start = position
            position = stop
        if group == "end" and not depth:
            if _COPY.match(text, _skip_leading(text, start)):
                data_end = text.find("\n\\.", position)
                end = len(text) if data_end < 0 else data_end + len("\n\\.")
        elif group == "create" and depth:
            end = match.start()  # a definition at the margin: the body above was not understood
        elif group != "go":
            continue
        yield start, end
        start = end
        position = max(position, end)
        depth, routine = 0, None
    if _skip_leading(text, start) < len(text):
        yield start, len(text)


def _skip_leading(text: str, start: int, end: int = sys.maxsize) -> int:
    """The offset of a statement's first word, behind blanks, comments and client directives; `end` if it has none."""
    leading = _LEADING.match(text, start, end)
    return leading.end() if leading else start
