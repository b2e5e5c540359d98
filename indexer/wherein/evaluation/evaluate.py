"""Asks an index many questions, and measures how good and how fast the answers are."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from wherein.errors import ConfigError
from wherein.evaluation.figures import SLOTS, Figures, Score, figures, score
from wherein.evaluation.question import Question
from wherein.measured.percentiles import nearest_rank
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.index import Index
    from wherein.search.search import Mode

MODES: "tuple[Mode, ...]" = ("hybrid", "lexical", "semantic")


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one way to search."""

    mode: str
    scores: tuple[Score, ...]
    """of the questions, in their order"""
    p50: float
    p95: float
    """seconds per question"""

    @property
    def figures(self) -> Figures:
        """The means."""
        return figures(self.scores)


def evaluate(
    index: "Index",
    questions: Sequence[Question],
    mode: "Mode",
    done: Callable[[], object] = lambda: None,
) -> Result:
    """Ask one question after the other, at least one, each for ten hits; `done` is called after each. A query that
    cannot be searched for counts as finding nothing. Raises IndexMissing before the first update."""
    with suppress(ConfigError):
        index.search(questions[0].query, limit=1, mode="hybrid")  # loads what the first search would wait for
    scores, took = [], []
    for question in questions:
        began = time.perf_counter()
        try:
            hits = index.search(question.query, limit=SLOTS, mode=mode)
        except ConfigError:
            hits = []
        took.append(time.perf_counter() - began)
        scores.append(score(question.places(hits), question.wanted))
        done()
    took.sort()
    return Result(mode, tuple(scores), nearest_rank(took, 0.5), nearest_rank(took, 0.95))
