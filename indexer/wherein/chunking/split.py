"""Where a stretch of code too long for one chunk is cut: between statements, as far out as possible."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from wherein.chunking.passage import Passage
    from wherein.chunking.source import Source

LONGEST_LINES = 80
"""A definition of so many lines is one chunk still: "a screenful or two"."""
LONGEST_CHARACTERS = 8_000
PIECE_LINES = 60
"""What is longer is cut into as few pieces of about equal length as this allows."""
LEVEL_COST = 8
"""How many lines a cut may be off the middle to be one level further out."""
KEPT_COMMENT = 12
"""A comment's last lines stay with the definition below it."""


def too_long(source: Source, start: int, stop: int) -> bool:
    """Whether rows start..stop-1 are more than one chunk."""
    if stop - start > LONGEST_LINES:
        return True
    return stop - start > 1 and sum(map(len, source.lines[start:stop])) > LONGEST_CHARACTERS


def split(
    node: Node | Passage, source: Source, start: int, stop: int, head: int
) -> Iterator[tuple[int, int]]:
    """Cut rows start..stop-1, which belong to a node, into pieces (start, stop).

    Rows before `head` are the comment above the definition that begins there.
    """
    levels = _statement_rows(node, start, stop)
    levels.update(dict.fromkeys(range(start + 1, head - KEPT_COMMENT), 1))
    sizes = list(accumulate(map(len, source.lines[start:stop]), initial=0))
    """characters before each row"""
    first = start
    while stop - start > 1:
        characters = sizes[-1] - sizes[start - first]
        if stop - start <= LONGEST_LINES and characters <= LONGEST_CHARACTERS:
            break
        cut = _best_cut(levels, start, stop, characters)
        yield start, cut
        start = cut
    yield start, stop


def _best_cut(levels: dict[int, int], start: int, stop: int, characters: int) -> int:
    rows = stop - start
    pieces = ceil(max(rows / PIECE_LINES, characters / LONGEST_CHARACTERS, 2))
    ideal = start + max(1, rows // pieces)
    latest = min(stop - 1, start + LONGEST_LINES, ideal + rows // pieces // 3)
    candidates = [row for row in range(start + 1 + (ideal - start) // 2, latest + 1) if row in levels]
    if not candidates:
        return ideal
    return min(candidates, key=lambda row: abs(row - ideal) + LEVEL_COST * levels[row])


def _statement_rows(node: Node | Passage, start: int, stop: int) -> dict[int, int]:
    """Rows on which a statement (or an element of a long literal) begins, with the level of nesting. Nodes that fit in
    a chunk are not entered; a token that does not (a long string) may be cut anywhere."""
    levels: dict[int, int] = {}
    pending: list[tuple[Node | Passage, int]] = [(node, 0)]
    while pending:
        parent, level = pending.pop()
        children = parent.children
        if not children:
            first, last = parent.start_point[0], parent.end_point[0]
            for row in range(max(first + 1, start), min(last + 1, stop)):
                levels.setdefault(row, level + 1)
        last_row = -1
        """of the children so far"""
        comment_row = -1
        """directly below a comment, where what it is about begins"""
        for child in children:
            first, last = child.start_point[0], child.end_point[0]
            if first >= stop:
                break
            if last >= start:
                if last_row < first != comment_row:
                    levels[first] = min(level, levels.get(first, level))
                if last - first > PIECE_LINES // 2:
                    pending.append((child, level + 1))
            last_row = max(last_row, last)
            if child.is_extra:
                comment_row = last + (child.end_point[1] > 0)
    return levels
