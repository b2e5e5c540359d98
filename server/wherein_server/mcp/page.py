"""A text of bounded length for a model."""

from collections.abc import Iterable

from wherein_server.cli.jsonout import readable
from wherein_server.explain.estimate import estimate_tokens

LONGEST_LINE = 240
"""Characters shown of one line of code, so that a minified file does not fill the page."""

RESERVE = 40
"""Tokens kept for the sentence about what was left out."""


class Page:
    """As many lines as fit into a budget of tokens."""

    def __init__(self, max_tokens: int) -> None:
        self._left = max_tokens - RESERVE
        self._lines: list[str] = []

    @property
    def left(self) -> int:
        """Tokens that are left."""
        return max(self._left, 0)

    def add(self, line: str) -> bool:
        """Add a line if it fits."""
        line = cut(line)
        cost = estimate_tokens(line)
        if cost > self._left:
            return False
        self._left -= cost
        self._lines.append(line)
        return True

    def add_all(self, lines: Iterable[str]) -> int:
        """Add lines until one does not fit. Returns how many did."""
        count = 0
        for line in lines:
            if not self.add(line):
                break
            count += 1
        return count

    def end(self, line: str) -> None:
        """Add a sentence, for which there is always room."""
        if line:
            self._lines.append(cut(line))

    def text(self) -> str:
        """All lines."""
        return "\n".join(self._lines)


def cut(line: str) -> str:
    """A line of bounded length, as valid Unicode."""
    line = readable(line.removesuffix("\r"))
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
