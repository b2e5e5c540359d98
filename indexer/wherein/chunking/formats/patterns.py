"""Languages without a grammar, by the `patterns` in their .toml: a line that matches one begins a block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, comment_text, cover, short_name
from wherein.chunking.formats.sections import PATH_SEPARATOR
from wherein.chunking.lines import split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 15
MATCHED_CHARACTERS = 500
"""How much of a line the expressions see."""

_ABOVE = re.compile(r"[ \t]*(?:#|//|--|/\*|\*|;|%|\"|\(\*|@)")
"""Comments and annotations, of any language: directly above a definition they belong to it."""
_CONTAINERS = frozenset({"class", "struct", "interface", "trait", "impl", "enum", "namespace", "section"})
_ENDED = frozenset({"class", "interface"})
"""Those that a `container_end` ends."""
_GATHERED = frozenset({"constant", "key", "type", "text"})


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a text whose language lists `patterns`, each written `<kind> <regular expression>`.

    Its groups that take part give the qualified name, the last one the symbol (`resource "aws_vpc" "main"` is
    `aws_vpc.main`). What is indented deeper than a container above is inside it. The kind `section` has two
    groups: a mark whose length is the level, and the title.
    """
    lines = split_lines(text)
    blocks: list[Block] = []
    around: list[tuple[int, str]] = []
    """level and name of each container that the current line may be in"""
    ends = _ends(lines, language)
    floor = 0
    for i, kind, match in _matches(lines, _compiled(language.patterns)):
        start = _with_comments(lines, i, floor)
        floor = i + 1
        block, level = _block(start, kind, match, language)
        own = block.qualified_name
        if language.container_end:
            while ends and ends[-1] < i:
                ends.pop()
                around.clear()
            if kind in _ENDED:
                around.clear()
        else:
            while around and around[-1][0] >= level:
                around.pop()
        separator = PATH_SEPARATOR if kind == "section" else language.separator
        block.qualified_name = separator.join((*(name for _, name in around), own))
        if kind in (_ENDED if language.container_end else _CONTAINERS):
            around.append((level, own))
        elif blocks and blocks[-1].qualified_name == block.qualified_name:
            continue  # another clause of the same function
        elif kind == "function" and around and not language.container_end:
            block.kind = "method"
        declared = language.container_end and kind == "method" and lines[i].rstrip().endswith(";")
        block.family = f"{kind} {len(around)}" if kind in _GATHERED or declared else None
        block.doc = comment_text(lines, start, i, '#/*;%-"( ')
        blocks.append(block)
    return cover(lines, blocks, gather=GATHERED_LINES)


def _matches(
    lines: Sequence[str], patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> Iterator[tuple[int, str, re.Match[str]]]:
    """The lines that begin something, each with the kind and match of the first pattern that fits."""
    for i, line in enumerate(lines):
        head = line[:MATCHED_CHARACTERS].rstrip()
        if not head:
            continue
        for kind, pattern in patterns:
            if match := pattern.match(head):
                yield i, kind, match
                break


def _block(start: int, kind: str, match: re.Match[str], language: Language) -> tuple[Block, int]:
    """The block without what encloses it, and its level."""
    if kind == "section":
        title = short_name(match[2])
        return Block(start, kind, title, title), len(match[1])
    head = match.string
    names = [short_name(group) for group in match.groups() if group]
    block = Block(start, kind, names[-1] if names else "", language.separator.join(names), short_name(head))
    return block, len(head) - len(head.lstrip())


def _ends(lines: Sequence[str], language: Language) -> list[int]:
    """The lines that end a container, last ones first."""
    if not language.container_end:
        return []
    pattern = re.compile(language.container_end)
    return [i for i in range(len(lines) - 1, -1, -1) if pattern.match(lines[i])]


@cache
def _compiled(patterns: Sequence[str]) -> list[tuple[str, re.Pattern[str]]]:
    split = (pattern.partition(" ") for pattern in patterns)
    return [(kind, re.compile(expression)) for kind, _, expression in split]


def _with_comments(lines: Sequence[str], start: int, floor: int) -> int:
    while start > floor and _ABOVE.match(lines[start - 1]):
        start -= 1
    return start
