"""Positions of LSP (0-based lines, columns in the negotiated units) ↔ lines of the index (1-based)."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from wherein.errors import ConfigError

MOST_COMPARED = 4_000
"""Lines between the first and the last change that are matched one by one; matching takes time that grows with the
square of the changed lines. Where more differ, a line keeps its distance from the beginning."""

LARGEST_NUMBER = 2**31 - 1
"""LSP's unsigned integers end here."""

_LINE_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """Lines as LSP counts them: form feeds and the like end none. A newline at the end begins one more."""
    return _LINE_END.split(text)


def units(line: str, encoding: str) -> int:
    """The length of a line without its end in `utf-8`, `utf-16` or `utf-32` code units."""
    if encoding == "utf-32" or line.isascii():
        return len(line)
    if encoding == "utf-8":
        return len(line.encode("utf-8", "surrogatepass"))
    return len(line.encode("utf-16-le", "surrogatepass")) // 2


def characters(line: str, column: int, encoding: str) -> int:
    """How many characters of a line are before a column; all of them where it is past the end."""
    if encoding == "utf-32" or line.isascii():
        return min(column, len(line))
    width = 0
    for at, character in enumerate(line):
        if width >= column:
            return at
        width += units(character, encoding)
    return len(line)


def line_range(first: int, last: int, text: str, encoding: str) -> dict[str, Any]:
    """The LSP range from the beginning of one line to the end of another (both 1-based), which reads `text`."""
    return {
        "start": {"line": first - 1, "character": 0},
        "end": {"line": last - 1, "character": units(text, encoding)},
    }


def line_of(position: object) -> int:
    """The 1-based line of an LSP position. Raises ConfigError for what is none."""
    if not isinstance(position, dict):
        raise ConfigError('A position must be an object such as {"line": 0, "character": 0}.')
    for name in ("line", "character"):
        value = position.get(name, 0 if name == "character" else None)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
            raise ConfigError(f"A position's {name} must be a whole number from 0.")
    return int(position["line"]) + 1


class LineMap:
    """Which line of one text stands where in another, later one. Lines are 1-based."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        head = 0
        while head < min(len(before), len(after)) and before[head] == after[head]:
            head += 1
        tail = 0
        while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
            tail += 1
        self._lengths = len(before), len(after)
        self._blocks: list[tuple[int, int, int]] = [(0, 0, head)]
        first, second = before[head : len(before) - tail], after[head : len(after) - tail]
        if len(first) + len(second) <= MOST_COMPARED:
            matched = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
            self._blocks += [(head + m.a, head + m.b, m.size) for m in matched if m.size]
        self._blocks.append((len(before) - tail, len(after) - tail, tail))

    def forward(self, line: int) -> int:
        """Where a line of the earlier text stands in the later one; a line that is gone, where it would be."""
        return self._moved(line, 0, 1)

    def back(self, line: int) -> int:
        """Where a line of the later text stood in the earlier one; a new line, the last known one above it."""
        return self._moved(line, 1, 0)

    def _moved(self, line: int, here: int, there: int) -> int:
        at = min(max(line, 1), max(self._lengths[here], 1)) - 1
        last = 0
        for block in self._blocks:
            if at < block[here]:
                break
            if at < block[here] + block[2]:
                return block[there] + at - block[here] + 1
            last = block[there] + block[2]
        return max(min(last, self._lengths[there]), 1)
