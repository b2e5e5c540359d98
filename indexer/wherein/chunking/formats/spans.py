"""Blocks for formats whose parts begin and end anywhere in a line, such as SQL statements and CSS rules."""

from __future__ import annotations

import re
from bisect import bisect_left

from wherein.chunking.formats.blocks import Block

_NOT_SPACE = re.compile(r"\S")


class LineIndex:
    """The line (index from 0) of each offset of a text."""

    def __init__(self, text: str) -> None:
        self._newlines: list[int] = []
        at = text.find("\n")
        while at >= 0:
            self._newlines.append(at)
            at = text.find("\n", at + 1)

    def line_of(self, offset: int) -> int:
        """A newline belongs to the line that it ends."""
        return bisect_left(self._newlines, offset)


class BlockPlacer:
    """Gives whole lines to parts met in order; parts that share a line share a block."""

    def __init__(self, index: LineIndex) -> None:
        self.blocks: list[Block] = []
        self._index = index
        self._free = 0
        """the first line that no part has touched"""

    def place(self, block: Block, start: int, end: int) -> None:
        """Place a part that covers the offsets [start, end); its block's `start` is set here."""
        line = max(self._index.line_of(start), self._free)
        last = self._index.line_of(max(start, end - 1))
        if line > last and self.blocks:
            line = self.blocks[-1].start
        block.start = line
        self._free = max(self._free, last + 1)
        self.blocks.append(block)

    def enter(self, offset: int) -> None:
        """Free the lines after the one at `offset` for parts inside the part placed last."""
        self._free = self._index.line_of(offset) + 1


def skip_space(text: str, start: int) -> int:
    """The offset of the first character from `start` on that is no white space, else the text's end."""
    found = _NOT_SPACE.search(text, start)
    return found.start() if found else len(text)
