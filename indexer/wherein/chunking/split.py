"""Where a stretch of code may be cut: before a statement, as far out as possible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wherein.chunking.lines import windows

if TYPE_CHECKING:
    from tree_sitter import Node

    from wherein.chunking.source import Source

LONGEST_LINES = 80
"""A definition of this many lines is one chunk still: "a screenful or two"."""
LONGEST_CHARACTERS = 8_000


def too_long(source: Source, start: int, stop: int) -> bool:
    """Whether rows start..stop-1 are more than one chunk."""
    if stop - start > LONGEST_LINES:
        return True
    if stop - start <= 1:
        return False
    return sum(map(len, source.lines[start:stop])) > LONGEST_CHARACTERS


def split(node: Node, source: Source, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut rows start..stop-1 of a node into pieces (start, stop) that begin where a statement does."""
    cuts = _statement_rows(node, start, stop)
    return windows(source.lines, start, stop, cuts.__contains__)


def _statement_rows(node: Node, start: int, stop: int) -> set[int]:
    """Rows on which a statement (or an element of a long literal) begins. Nodes that fit in a chunk are not entered;
    a token that does not (a long string) may be cut anywhere."""
    rows: set[int] = set()
    pending = [node]
    while pending:
        parent = pending.pop()
        children = parent.children
        if not children:
            rows.update(range(max(parent.start_point[0], start), min(parent.end_point[0] + 1, stop)))
        above = -1
        for child in children:
            first, last = child.start_point[0], child.end_point[0]
            if last < start or first >= stop:
                continue
            if first > above and not (child.is_extra and first == above):
                rows.add(first)
            above = max(above, last)
            if last - first > LONGEST_LINES // 2:
                pending.append(child)
    return rows
