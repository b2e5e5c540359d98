"""Which of a text's places are innermost: each program lists them in its own order (`traces.toml`, `order`)."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Set
from functools import cache

from wherein.packaged import files


class Order:
    """The order of the places of one text.

    A text is read in parts, one a failed test or an output that was kept; in each its own order holds, and what an
    error was caused by comes before it.
    """

    def __init__(self, text: str, last: Set[int], aside: Set[int]) -> None:
        """`last` are the beginnings of places whose format has the innermost one last, `aside` of those that only say
        which test it is."""
        self._begins = _places("begins", text)
        self._causes = _places("caused", text)
        self._aside = aside
        said_last, said_first = _places("inner_last", text), _places("inner_first", text)
        first = {self._part(at) for at in said_first}
        self._reversed = {self._part(at) for at in (*said_last, *last)} - first

    def key(self, start: int) -> tuple[int, bool, int, int]:
        """By which the places that begin there are sorted, the innermost first."""
        part = self._part(start)
        if part in self._reversed:
            return part, start in self._aside, 0, -start
        begin = self._begins[part - 1] if part else 0
        caused = bisect_right(self._causes, start) - bisect_right(self._causes, begin)
        return part, start in self._aside, -caused, start

    def _part(self, at: int) -> int:
        return bisect_right(self._begins, at)


def _places(what: str, text: str) -> list[int]:
    return [match.start() for match in _patterns()[what].finditer(text)]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(files("wherein.search").joinpath("traces.toml").read_text("utf-8"))
    return {what: re.compile("|".join(each), re.MULTILINE) for what, each in data["order"].items()}
