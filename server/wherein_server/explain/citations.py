"""`[3]` in an answer → the lines it stands for; numbers that stand for nothing are dropped while the text streams."""

from collections.abc import Sequence
from dataclasses import dataclass

from wherein_server.explain.context import Snippet


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
    """qualified; empty where nothing is defined"""


def cite(snippets: Sequence[Snippet]) -> tuple[Citation, ...]:
    """The sources that snippets are."""
    return tuple(Citation(s.n, s.path, s.start_line, s.end_line, s.symbol) for s in snippets)
