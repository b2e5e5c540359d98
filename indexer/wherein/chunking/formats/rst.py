"""reStructuredText by section, and within sections by the things that Sphinx directives describe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import short_name
from wherein.chunking.formats.sections import Heading, chunk_sections
from wherein.chunking.lines import LAST_WINDOW_LINES, split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

OBJECT_LEVEL = 100
"""Described objects are deeper than any heading, and than each other by their indentation."""
ADORNMENTS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_OBJECT = re.compile(
    r"([ \t]{0,40})\.\. (?:\w+:)?(?:function|class|method|staticmethod|classmethod"
    r"|coroutinefunction|coroutinemethod|attribute|data|exception|decorator|property|option|confval|envvar|setting|type|macro|struct)::"
    r"[ \t]+(\S.*)"
)
_OBJECT_NAME = re.compile(r"(?:(?:async|class|abstractmethod|static|final|await)[ \t]+)*([^\s(=:,\[]+)")
_ROLE = re.compile(r":[\w:+.-]+:`~?([^`<]*?)\s*(?:<[^`]*>)?`")
_MARKUP = re.compile(r"``?|\*\*?|\\(?=\W)")


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a reStructuredText document."""
    lines = split_lines(text)
    return chunk_sections(lines, _headings(lines), _cuttable(lines).__getitem__)


def _headings(lines: Sequence[str]) -> list[Heading]:
    headings: list[Heading] = []
    styles: list[tuple[str, bool]] = []
    """character and whether there is an overline; the first style met is the top level"""
    i = floor = 0
    while i < len(lines):
        if title := _title_at(lines, i):
            title_line, style = title
            if style not in styles:
                styles.append(style)
            start = _with_targets(lines, i, floor)
            headings.append(Heading(start, styles.index(style), _plain(lines[title_line])))
            i = floor = title_line + 2
            continue
        if ".. " in lines[i][:48] and (described := _OBJECT.match(lines[i])):
            name = _OBJECT_NAME.match(described[2])
            if name:
                level = OBJECT_LEVEL + len(described[1].expandtabs())
                headings.append(Heading(i, level, short_name(name[1])))
                floor = i + 1
        i += 1
    return headings


def _title_at(lines: Sequence[str], i: int) -> tuple[int, tuple[str, bool]] | None:
    """The line of the title and its style, when line i is a title or the overline of one."""
    line = lines[i]
    above = lines[i - 1].rstrip() if i else ""
    if not line or (above and not above.startswith(".. ") and not _adornment(above)):
        return None
    adornment = _adornment(line)
    if adornment and i + 2 < len(lines):
        title = lines[i + 1].rstrip()
        closed = lines[i + 2].rstrip() == line.rstrip()
        if closed and title and not _adornment(title) and len(title) <= len(line.rstrip()):
            return i + 1, (adornment, True)
    if adornment or line[0].isspace() or i + 1 >= len(lines):
        return None
    underline = _adornment(lines[i + 1])
    width = len(lines[i + 1].rstrip())
    if underline and (width >= 4 or width >= len(line.rstrip())):
        return i, (underline, False)
    return None


def _adornment(line: str) -> str:
    """The one punctuation character that the line consists of (two or more times), or "" ."""
    first = line[:1]
    if first not in ADORNMENTS or line[1:2] != first:
        return ""
    return "" if line.rstrip().strip(first) else first


def _with_targets(lines: Sequence[str], start: int, floor: int) -> int:
    """Where a section begins if the link targets (`.. _name:`) above its title are part of it."""
    i = start
    while i > floor and (not lines[i - 1].strip() or lines[i - 1].startswith(".. _")):
        i -= 1
    while i < start and not lines[i].strip():
        i += 1
    return i


def _cuttable(lines: Sequence[str]) -> list[bool]:
    """False for the lines inside a directive or literal block that is short enough to stay whole."""
    cuttable = [True] * len(lines)
    i = 0
    while i < len(lines):
        line = lines[i]
        opens = line.startswith(".. ") or line.rstrip().endswith("::")
        if not opens or line[:1].isspace():
            i += 1
            continue
        stop = last = i + 1
        while stop < len(lines) and (not lines[stop].strip() or lines[stop][0].isspace()):
            if lines[stop].strip():
                last = stop + 1
            stop += 1
        if last - i <= LAST_WINDOW_LINES:
            cuttable[i + 1 : last] = [False] * (last - i - 1)
        i = stop
    return cuttable


def _plain(markup: str) -> str:
    """A title as it reads, without roles and inline markup."""
    return short_name(_MARKUP.sub("", _ROLE.sub(r"\1", markup[:1_000].strip())))
