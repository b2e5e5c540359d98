"""How much closer than the others a candidate is by the deep tier."""

import numpy as np
from numpy.typing import NDArray

from wherein.search.rank.pool import Column, Pool

DEEP = "deep"

WEIGHTS = {DEEP: 0.8}
"""The same for every intent, beside BLEND. By the transformer that comes with wherein, all filled, NDCG@10 for
functions of 5 repositories, files of 10, written questions and newcomers' questions of 8 (only those of files taught it
anything): .772, .939, .433, .329 without it; .846, .948, .496, .389 with this; .847, .948, .496, .377 with .6; .828,
.943, .469, .381 with .3, a blend of .2, and .3 of the first tier's closeness expected of the deep one, as it was."""

BLEND = 0.4
"""The share of the deep tier in a chunk's closeness, from which the features of files and folders are made."""

FEWEST = 4
"""Chunks with both cosines, below which they tell nothing of how the two compare."""

LEAST_SPREAD = 0.02
"""Of deep cosines: where they are all alike, a hair's breadth is no evidence."""

MOST = 1.3
"""Of what a matched cosine may be, where the closeness of the first tier ends at 1."""

NEAREST = 20
"""Of so many candidates, the nearest by the first tier, the share that has a deep vector is how much the tier counts:
else a chunk that it has not come to stands behind any that it likes. Where a quarter is filled, functions have .782
with this, .755 without, files .933 and .911; where half is, .789 and .930. A second look alone, at 20 candidates:
functions .811 and .822."""


def deep_excess(pool: Pool, closeness: Column) -> Column | None:
    """By how much each candidate is closer by the deep tier than candidates are on average, in the scale of the first
    tier's `closeness`; None if too few have a deep vector. Of several models it is the mean of those of which a chunk
    has a vector, weighed by how far each has come: matched to one scale, how far apart two chunks are still tells,
    which ranks would drop; and a chunk that one model has not come to is judged by the others alone."""
    models = max([len(each.deep) for each in pool.candidates], default=0)
    by_model = [_excess(_cosines(pool, model), closeness) for model in range(models)]
    found = [each for each in by_model if each is not None]
    if not found:
        return None
    total = np.sum([share * excess for excess, _, share in found], axis=0)
    told = np.sum([share * there for _, there, share in found], axis=0)
    most = max(share for _, _, share in found)
    mean: Column = (most * total / np.where(told > 0, told, 1)).astype(np.float32)
    return mean


def _cosines(pool: Pool, model: int) -> Column:
    """With each candidate; not a number for one without a vector."""
    cosines = (each.deep[model] if each.deep else None for each in pool.candidates)
    return np.array([np.nan if each is None else each for each in cosines], np.float32)


def _excess(deep: Column, closeness: Column) -> tuple[Column, NDArray[np.bool_], float] | None:
    """By one model, which candidates have a vector of it, and which share of the nearest; None if too few have.

    Deep cosines are matched to the closeness of the same chunks by their mean and spread. So a chunk without one, whose
    excess is 0, stands about where those with an average cosine stand, whatever numbers a model makes.
    """
    there = np.isfinite(deep)
    if np.count_nonzero(there) < FEWEST:
        return None
    own, theirs = deep[there], closeness[there]
    spread = max(float(own.std()), LEAST_SPREAD)
    mean = theirs.mean()
    matched = (own - own.mean()) / spread * theirs.std() + mean
    nearest = np.argsort(-closeness, kind="stable")[:NEAREST]
    excess = np.zeros(len(deep), np.float32)
    excess[there] = np.clip(matched, 0, MOST) - mean
    return excess, there, float(there[nearest].mean())
