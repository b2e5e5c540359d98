"""What the deep tier adds to the first one."""

import numpy as np
from numpy.typing import NDArray

from wherein.search.rank.pool import Column, Pool

DEEP = "deep"

WEIGHTS = {DEEP: 0.3}
"""The same for every intent, beside BLEND. By the small transformer that comes with wherein, NDCG@10 for functions .746
with nothing filled, .760 with a half, .777 with all; for files of 8 repositories .933, .930, .942. With all, .2 and a
blend of .1, .5 and .2, .3 and none are within .006 of that, for files too; .4 or more for topics alone gives files of
10 repositories .004, all of it in one."""

BLEND = 0.2
"""The share of the deep tier in a chunk's closeness, from which the features of files and folders are made."""

FEWEST = 4
"""Chunks with both cosines, below which they tell nothing of how the two compare."""

LEAST_SPREAD = 0.02
"""Of deep cosines: where they are all alike, a hair's breadth is no evidence."""

MOST = 1.3
"""Of what a matched cosine may be, where the closeness of the first tier ends at 1."""

RESEMBLANCE = 0.3
"""How much of what the first tier sees of a chunk the deep one is expected to see as well. With 1 the two tiers cancel
each other: what the first finds nearest is pushed back for it. NDCG@10 with 1, .4, .3, .2, 0: functions, all filled,
.762, .776, .777, .778, .779; newcomers' questions, a second look alone, .342, .343, .345, .343 (and .340 with .1).
Where a quarter is filled, functions have .748 with 1, .752 with .2, .3 and .5, .747 with 0."""


def deep_excess(pool: Pool, closeness: Column) -> Column | None:
    """By how much each candidate is closer by the deep tier than the first leads to expect, whose `closeness` is given;
    None if too few candidates have a deep vector. Of several models it is the mean of those of which a chunk has a
    vector: matched to one scale, how far apart two chunks are still tells, which ranks would drop; and a chunk that one
    model has not come to is judged by the others alone."""
    models = max([len(each.deep) for each in pool.candidates], default=0)
    by_model = [_excess(_cosines(pool, model), closeness) for model in range(models)]
    found = [each for each in by_model if each is not None]
    if not found:
        return None
    total = np.sum([excess for excess, _ in found], axis=0)
    models_of = np.sum([there for _, there in found], axis=0)
    mean: Column = (total / np.maximum(models_of, 1)).astype(np.float32)
    return mean


def _cosines(pool: Pool, model: int) -> Column:
    """With each candidate; not a number for one without a vector."""
    cosines = (each.deep[model] if each.deep else None for each in pool.candidates)
    return np.array([np.nan if each is None else each for each in cosines], np.float32)


def _excess(deep: Column, closeness: Column) -> tuple[Column, NDArray[np.bool_]] | None:
    """By one model, and which candidates have a vector of it; None if too few have.

    Deep cosines are matched to the closeness of the same chunks by their mean and spread. So a chunk without one, whose
    excess is 0, stands about where those with the cosine stand that is expected, whatever numbers a model makes.
    """
    there = np.isfinite(deep)
    if np.count_nonzero(there) < FEWEST:
        return None
    own, theirs = deep[there], closeness[there]
    spread = max(float(own.std()), LEAST_SPREAD)
    mean = theirs.mean()
    matched = (own - own.mean()) / spread * theirs.std() + mean
    excess = np.zeros(len(deep), np.float32)
    excess[there] = np.clip(matched, 0, MOST) - (mean + RESEMBLANCE * (theirs - mean))
    return excess, there
