"""JSON by key: top-level keys, and the keys within values too long for one chunk; long arrays by lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, cover, short_name
from wherein.chunking.formats.members import members, opening
from wherein.chunking.formats.spans import BlockPlacer, LineIndex
from wherein.chunking.lines import LAST_WINDOW_LINES, split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 40
DEEPEST = 3


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a JSON document."""
    lines = split_lines(text)
    root = opening(text)
    if root is None or len(lines) == 1:
        return cover(lines, [])
    index = LineIndex(text)
    placer = BlockPlacer(index)
    _place_members(text, root, "", placer, index, 1)
    return cover(lines, placer.blocks, gather=GATHERED_LINES)


def _place_members(
    text: str, container: int, prefix: str, placer: BlockPlacer, index: LineIndex, depth: int
) -> None:
    for member in members(text, container):
        name = short_name(member.key)
        long = index.line_of(member.end - 1) - index.line_of(member.start) >= LAST_WINDOW_LINES
        opened = long and depth < DEEPEST and text[member.value] in "{["
        block = Block(0, "key", name, prefix + name if name else "", outer=opened, family=prefix)
        placer.place(block, member.start, member.end)
        if opened:
            placer.enter(member.value)
            _place_members(text, member.value, f"{prefix}{name}.", placer, index, depth + 1)
