"""Whether texts contain one another line for line, ignoring blanks at line ends and the depth of indentation."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

_APART = ("", 0)
"""Stands between texts that are taken together: no line is blank, so nothing is found across it."""


class Text:
    """The lines of a text that are not blank. What is only moved to the right, or indented by tabs now, is what it was;
    what moves against the lines around it, out of a loop, is not."""

    def __init__(self, said: str) -> None:
        rows = [row for row in said.split("\n") if row.strip()]
        self.rows = [row.strip() for row in rows]
        """without what they begin and end with"""
        self._indents = [len(wide) - len(wide.lstrip()) for wide in (row.expandtabs() for row in rows)]

    @classmethod
    def together(cls, texts: Iterable["Text"]) -> "Text":
        """Texts as one in which is found what is in any of them."""
        made = cls("")
        for text in texts:
            made.rows += (*text.rows, _APART[0])
            made._indents += (*text._indents, _APART[1])
        return made

    @cached_property
    def content(self) -> str:
        """The lines, one after the other."""
        return "\n".join(self.rows)

    def holds(self, part: "Text", times: int = 1) -> bool:
        """Whether the lines of another are in it, one after the other, so many times."""
        if not part.rows:
            return True
        found = end = 0
        for first in self._places(part):
            last = first + len(part.rows)
            if first >= end and _stand_alike(self._indents[first:last], part._indents):
                found, end = found + 1, last
                if found >= times:
                    return True
        return False

    def _places(self, part: "Text") -> Iterator[int]:
        """Where the lines of another begin, whatever their indentation. Looked at is only where its rarest line is: to
        search many texts for each of their parts takes the square of their length."""
        spread = [len(self._where.get(row, ())) for row in part.rows]
        at = spread.index(min(spread))
        for place in self._where.get(part.rows[at], ()):
            first = place - at
            if first >= 0 and self.rows[first : first + len(part.rows)] == part.rows:
                yield first

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        """Line → where it is."""
        where: dict[str, list[int]] = {}
        for at, row in enumerate(self.rows):
            where.setdefault(row, []).append(at)
        return where


def _stand_alike(then: list[int], now: list[int]) -> bool:
    """Whether lines that stood equally far in still do, and those that stood further in than others still do."""
    pairs = sorted({*zip(then, now, strict=True)})
    return all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
