"""Documents by section: from headings, in whatever markup, to chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wherein.chunking.formats.blocks import Block, cover
from wherein.chunking.chunk import Chunk

PATH_SEPARATOR = " > "
TINY_LINES = 2
"""A section with no more lines of content than this is tiny: an introduction joins its first subsection, and
neighbours under one heading (the entries of a changelog) are gathered."""
GATHERED_LINES = 15


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a section begins, what it is called, and how deep it is."""

    start: int
    """index of its first line, from 0"""
    content: int
    """index of the first line after the heading"""
    level: int
    """greater is deeper; any numbers will do"""
    title: str


def chunk_sections(
    lines: Sequence[str], headings: Iterable[Heading], cuttable: Callable[[int], bool] | None = None
) -> list[Chunk]:
    """Chunks of kind `section`: the heading is the symbol, the path of headings the qualified name."""
    return cover(lines, section_blocks(lines, headings), gather=GATHERED_LINES, cuttable=cuttable)


def section_blocks(lines: Sequence[str], headings: Iterable[Heading]) -> list[Block]:
    """The sections as blocks, for `cover` with GATHERED_LINES."""
    found = [heading for heading in headings if heading.start < len(lines)]
    blocks: list[Block] = []
    path: list[Heading] = []
    introduction: Block | None = None
    for n, heading in enumerate(found):
        while path and path[-1].level >= heading.level:
            path.pop()
        family = PATH_SEPARATOR.join(parent.title for parent in path)
        path.append(heading)
        block = Block(
            heading.start,
            "section",
            heading.title,
            PATH_SEPARATOR.join(dict.fromkeys(part.title for part in path if part.title)),
        )
        if introduction is not None:
            block.start = introduction.start
            block.names = (*introduction.names, introduction.symbol)
        following = found[n + 1] if n + 1 < len(found) else None
        tiny = _is_tiny(lines, heading.content, following.start if following else len(lines))
        if tiny and following and following.level > heading.level:
            introduction = block
            continue
        introduction = None
        block.family = family if tiny else None
        blocks.append(block)
    return blocks


def _is_tiny(lines: Sequence[str], start: int, stop: int) -> bool:
    if stop - start > 4 * TINY_LINES:
        return False
    return sum(1 for line in lines[start:stop] if line and not line.isspace()) <= TINY_LINES
