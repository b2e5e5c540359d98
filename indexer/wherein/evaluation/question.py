"""A question with its answers, and what counts as finding one."""

from collections.abc import Sequence

from wherein.hit import Hit
from wherein.quick_dataclass import dataclass

LONGEST_HIT = 199
"""Lines of a hit that still says where in a file something is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A file, lines of one (1-based, inclusive), or a definition by its name; in a file, if `path` is not empty."""

    path: str = ""
    start_line: int = 0
    """0: the whole file"""
    end_line: int = 0
    symbol: str = ""

    def met_by(self, hit: Hit) -> bool:
        """Whether a hit counts as this answer."""
        if self.path and hit.path != self.path:
            return False
        if self.symbol:
            return self.symbol in (hit.symbol, hit.qualified_name)
        if not self.end_line:
            return True
        whole = hit.end_line - hit.start_line < LONGEST_HIT
        return whole and hit.start_line <= self.end_line and self.start_line <= hit.end_line


@dataclass(frozen=True, slots=True)
class Question:
    """A query and what should be found with it."""

    query: str
    answers: tuple[Answer, ...]
    any_of: bool = False
    """whether one answer is as good as all: a commit changed each of these lines, and its subject is about one thing"""

    def places(self, hits: Sequence[Hit]) -> list[int]:
        """The place (from 1) of the first hit on each answer that is met; one alone with `any_of`."""
        found = {
            next((at for at, hit in enumerate(hits, 1) if answer.met_by(hit)), 0) for answer in self.answers
        }
        met = sorted(found - {0})
        return met[:1] if self.any_of else met

    @property
    def wanted(self) -> int:
        """How many places there could be."""
        return 1 if self.any_of else len(self.answers)
