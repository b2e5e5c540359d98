"""What the answers to many questions are worth, and whether they got worse."""

import math
from collections.abc import Sequence
from statistics import fmean

from wherein.quick_dataclass import dataclass

SLOTS = 10
"""Hits that count."""

RESAMPLES = 2_000
"""Of the bootstrap; twice as many move its bounds by less than .001."""

CONFIDENCE = 0.95

SEED = 7
"""The same figures give the same bounds."""


@dataclass(frozen=True, slots=True)
class Score:
    """Of one question."""

    first: int
    """place of the first right hit, from 1; 0 if there is none among ten"""
    ndcg: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over questions; 0 to 1."""

    ndcg: float
    hit1: float
    hit5: float
    hit10: float
    mrr: float


@dataclass(frozen=True, slots=True)
class Difference:
    """NDCG@10 now less that of before, over the questions of both, with the interval that holds it with 95 %."""

    mean: float
    low: float
    high: float
    questions: int

    @property
    def worse(self) -> bool:
        """By more than the noise."""
        return self.high < 0

    @property
    def better(self) -> bool:
        """By more than the noise."""
        return self.low > 0


def score(places: Sequence[int], wanted: int) -> Score:
    """What hits at these places (from 1) are worth where `wanted` could be had.

    NDCG with binary gain: K. Järvelin, J. Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002.
    """
    counted = [place for place in places if place <= SLOTS]
    best = sum(1 / math.log2(at + 2) for at in range(min(SLOTS, wanted)))
    gain = sum(1 / math.log2(place + 1) for place in counted)
    return Score(counted[0] if counted else 0, gain / best if best else 0.0)


def figures(scores: Sequence[Score]) -> Figures:
    """The means of at least one score."""
    return Figures(
        ndcg=fmean(each.ndcg for each in scores),
        hit1=_within(scores, 1),
        hit5=_within(scores, 5),
        hit10=_within(scores, SLOTS),
        mrr=fmean(1 / each.first if each.first else 0.0 for each in scores),
    )


def difference(now: Sequence[float], before: Sequence[float]) -> Difference:
    """How NDCG of the same questions differs: the bounds are those of a paired bootstrap (B. Efron, R. Tibshirani, An
    introduction to the bootstrap, 1993, chapter 13)."""
    import numpy as np

    apart = np.asarray(now, np.float64) - np.asarray(before, np.float64)
    drawn = np.random.default_rng(SEED).integers(0, len(apart), (RESAMPLES, len(apart)))
    means = apart[drawn].mean(axis=1)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Difference(float(apart.mean()), float(low), float(high), len(apart))


def _within(scores: Sequence[Score], place: int) -> float:
    return fmean(0 < each.first <= place for each in scores)
