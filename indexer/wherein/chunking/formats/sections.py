"""Documents by section: from headings, in whatever markup, to chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, cover, is_tiny
from wherein.quick_dataclass import dataclass

PATH_SEPARATOR = " > "
GATHERED_LINES = 15
"""Tiny neighbours under one heading, such as the entries of a changelog, are gathered."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a section begins, what it is called, and how deep it is."""

    start: int
    """index of its first line, from 0"""
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
    for n, heading in enumerate(found):
        following = found[n + 1] if n + 1 < len(found) else None
        while path and path[-1].level >= heading.level:
            path.pop()
        family = PATH_SEPARATOR.join(parent.title for parent in path)
        path.append(heading)
        qualified = PATH_SEPARATOR.join(dict.fromkeys(part.title for part in path if part.title))
        outer = following is not None and following.level > heading.level
        tiny = is_tiny(lines, heading.start, following.start if following else len(lines))
        blocks.append(
            Block(
                heading.start,
                "section",
                heading.title,
                qualified,
                outer=outer,
                family=family if tiny and not outer else None,
            )
        )
    return blocks
