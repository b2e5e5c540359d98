"""TOML and INI by table: `[a.b]` begins one, small neighbours under the same first name are gathered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, comment_above, comment_text, cover, short_name
from wherein.chunking.lines import split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 20
COMMENT_MARKERS = ("#", ";")

_HEADER = re.compile(r"[ \t]{0,20}\[{1,2}[ \t]*([^\[\],{}\n]{1,200}?)[ \t]*\]{1,2}[ \t]*(?:[#;].*)?$")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*+"?|\'[^\']*+\'?|#.*|[\[\]{}]')
_MAY_SPAN_LINES = re.compile(r'[\[\]{}]|"""|\'\'\'')
_NAME_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^.\s"']+)""")


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a TOML or INI file."""
    lines = split_lines(text)
    headers = _toml_headers(lines) if language.name == "toml" else _ini_headers(lines)
    blocks: list[Block] = []
    floor = 0
    for i, name in headers:
        start = comment_above(lines, i, floor, COMMENT_MARKERS)
        floor = i + 1
        parts = ["".join(part.groups("")) for part in _NAME_PART.finditer(name)] or [name]
        blocks.append(
            Block(
                start,
                "table",
                symbol=short_name(parts[-1]),
                qualified_name=short_name(name),
                doc=comment_text(lines, start, i, "#; "),
                family=parts[0],
            )
        )
    if not blocks or blocks[0].start:
        blocks.insert(0, Block(0, "key"))
    return cover(lines, blocks, gather=GATHERED_LINES)


def _ini_headers(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for i, line in enumerate(lines):
        if line.startswith("[") and (header := _HEADER.match(line.rstrip())):
            yield i, header[1]


def _toml_headers(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Table headers, but not what looks like one in a multi-line string or array."""
    quote = ""
    depth = 0
    for i, line in enumerate(lines):
        if not quote and not depth and "[" in line[:40] and (header := _HEADER.match(line.rstrip())):
            yield i, header[1]
        elif quote or _MAY_SPAN_LINES.search(line):
            quote, depth = _open_after(line, quote, depth)


def _open_after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """Which multi-line quote and how many brackets are open after a line, given those open before it."""
    position = 0
    while position < len(line):
        if quote:
            closing = line.find(quote, position)
            if closing < 0:
                return quote, depth
            position = closing + len(quote)
            quote = ""
        token = _TOKEN.search(line, position)
        if token is None:
            break
        position = token.end()
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth = max(0, depth - 1)
    return quote, depth
