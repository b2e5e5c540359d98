"""`[3]` in an answer → the lines it stands for; numbers that stand for nothing are dropped while the text streams."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein_server.explain.context import Snippet

LONGEST_CITATION = 80
"""Characters that are held back until it is clear whether they are a citation."""

_NUMBERS = r"\d{1,3}(?:\s?(?:[,;\u2013-]|and)\s?\d{1,3})*"
_TOKEN = re.compile(
    rf"(?P<blank>\n[ \t]*\n)|(?P<ticks>`+)|(?P<space>[ \t]*)\[(?P<numbers>{_NUMBERS})\](?P<link>\([^()\s]*\))?"
)
_UNFINISHED = re.compile(
    r"(?:\s+|`+|[ \t]*\[[\d\s,;\u2013and-]*(?:\](?:\([^()\s]*)?)?|\s+\[[\d\s,;\u2013and-]*)\Z"
)
_RANGE = re.compile(r"(\d+)\s?[\u2013-]\s?(\d+)|(\d+)")


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, by its number in the answer."""

    n: int
    path: str
    """POSIX, relative to the repository's root"""
    start_line: int
    end_line: int
    """1-based, inclusive"""
    symbol: str
    """qualified; empty if nothing is defined"""


def cite(snippets: Sequence[Snippet]) -> tuple[Citation, ...]:
    """Snippets as sources."""
    return tuple(Citation(s.n, s.path, s.start_line, s.end_line, s.symbol) for s in snippets)


class CitationFilter:
    """Lets text through, without citations that stand for no source. Code, in backticks, passes unchanged.

    `render` may show a citation in another way, for a terminal's links.
    """

    def __init__(self, known: Collection[int], render: Callable[[int], str] = "[{}]".format) -> None:
        self._known = frozenset(known)
        self._render = render
        self._pending = ""
        self._code = 0
        """how many backticks opened the code that the text is in"""
        self._last = ""
        """the last character let through"""
        self.cited: dict[int, None] = {}
        """in order of first mention"""
        self.dropped: dict[int, None] = {}

    def feed(self, piece: str) -> str:
        """What can be shown after another piece of text."""
        text = self._pending + piece
        unfinished = _UNFINISHED.search(text, max(0, len(text) - LONGEST_CITATION))
        cut = unfinished.start() if unfinished else len(text)
        self._pending = text[cut:]
        return self._through(text[:cut])

    def finish(self) -> str:
        """What was held back, once no more text comes."""
        text, self._pending = self._pending, ""
        return self._through(text)

    def _through(self, text: str) -> str:
        out: list[str] = []
        at = 0
        for token in _TOKEN.finditer(text):
            self._put(out, text[at : token.start()])
            self._put(out, self._token(token))
            at = token.end()
        self._put(out, text[at:])
        return "".join(out)

    def _put(self, out: list[str], text: str) -> None:
        if text:
            out.append(text)
            self._last = text[-1]

    def _token(self, token: re.Match[str]) -> str:
        if token["blank"] is not None:
            if self._code < 3:  # code within a line ends with its paragraph at the latest
                self._code = 0
        elif token["ticks"] is not None:
            run = len(token["ticks"])
            if self._code == 0:
                self._code = run
            elif run == self._code or (run >= self._code >= 3):
                self._code = 0
        elif self._code == 0:
            return self._cited(token)
        return token[0]

    def _cited(self, token: re.Match[str]) -> str:
        before = token.string[token.start() - 1] if token.start() else self._last
        numbers = _numbers(token["numbers"])
        known = [n for n in numbers if n in self._known]
        attached = not token["space"] and (before.isalnum() or before in "_)")
        if attached and not known:  # `values[0]` outside of code
            return token[0]
        self.cited.update(dict.fromkeys(known))
        self.dropped.update(dict.fromkeys(n for n in numbers if n not in self._known))
        return token["space"] + "".join(map(self._render, known)) if known else ""


def _numbers(text: str) -> list[int]:
    """`1, 3-5` → 1, 3, 4, 5."""
    found: list[int] = []
    for first, last, single in _RANGE.findall(text):
        found += [int(single)] if single else range(int(first), int(last) + 1)
    return list(dict.fromkeys(found))
