"""Lines of a text, and runs of lines for text in which nothing is defined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk

if TYPE_CHECKING:
    from wherein.languages.registry import Language

WINDOW_LINES = 40
"""A window is cut at the best place in its second half."""
LAST_WINDOW_LINES = 50
"""What remains is not cut again when it is no longer than this: no stubs at the end of a file."""
WINDOW_CHARACTERS = 5_000
"""Long lines (prose with a paragraph a line, data) fill a window sooner."""

_CLOSERS = ("}", ")", "]", "end", "</")
_DEEPEST = 40
_RATED_PREFIX = 256
"""Characters of a line that are looked at: enough for its indentation, and 1 MB lines cost nothing."""


def split_lines(text: str) -> list[str]:
    """The lines of a text without their `\\n`, and split nowhere else, so that line numbers agree with git's.
    A newline at the end makes no further line; "" has none."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def chunk(text: str, language: Language) -> list[Chunk]:
    """Windows of text, cut at blank lines or unindented ones where there are such."""
    lines = split_lines(text)
    return [Chunk(start + 1, stop, "text") for start, stop in windows(lines, 0, len(lines))]


def windows(
    lines: Sequence[str], start: int, stop: int, cuttable: Callable[[int], bool] | None = None
) -> Iterator[tuple[int, int]]:
    """Cut lines[start:stop] into runs (start, stop) of moderate size.

    `cuttable(i)` may forbid to cut before line i; a run then grows until it may be cut.
    """
    while start < stop:
        reach = _reach(lines, start, stop)
        if reach < stop:
            reach = _best_cut(lines, start, reach, stop, cuttable)
        yield start, reach
        start = reach


def _reach(lines: Sequence[str], start: int, stop: int) -> int:
    """The end of the longest window that begins at start; it has at least one line."""
    last = min(start + LAST_WINDOW_LINES, stop)
    characters = 0
    for i in range(start, last):
        characters += len(lines[i])
        if characters > WINDOW_CHARACTERS:
            return min(max(i, start + 1), start + WINDOW_LINES)
    return stop if last == stop else start + WINDOW_LINES


def _best_cut(
    lines: Sequence[str], start: int, reach: int, stop: int, cuttable: Callable[[int], bool] | None
) -> int:
    """The place in the later half of lines[start:reach] where a reader would cut; the last of equals."""
    candidates = range(start + (reach - start + 1) // 2, reach + 1)
    if cuttable is not None:
        allowed = [i for i in candidates if cuttable(i)]
        if not allowed:
            return next((i for i in range(reach + 1, stop) if cuttable(i)), stop)
        return max(allowed, key=lambda i: (_rate_cut(lines, i), i))
    return max(candidates, key=lambda i: (_rate_cut(lines, i), i))


def _rate_cut(lines: Sequence[str], i: int) -> int:
    """How well a window would begin at line i: little indentation, a blank line above, no closing bracket."""
    head = lines[i][:_RATED_PREFIX]
    content = head.lstrip()
    if not content:
        return -2 * _DEEPEST
    rating = -min(len(head) - len(content), _DEEPEST)
    if content.startswith(_CLOSERS):
        rating -= _DEEPEST
    if not lines[i - 1][:_RATED_PREFIX].strip():
        rating += 8
    return rating
