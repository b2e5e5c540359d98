"""Similarity in meaning, relative to the other candidates."""

import numpy as np

from wherein.search.rank.deep import BLEND, DEEP, deep_excess
from wherein.search.rank.pool import Features, Pool

FLOOR_QUANTILE = 0.1
"""Cosines of a static model crowd in a narrow band whose place depends on the query: what the worst tenth has is 0."""

LEAST_SPREAD = 0.05
"""Between the low end and the best. Where a few candidates are as near as each other, a hair's breadth is no evidence;
on the benchmarks the least is .1."""


def semantic_features(pool: Pool) -> Features:
    """`semantic`: the cosine, stretched from the pool's low end to its best, with a share of the deep tier where a
    chunk has a vector there; `cosine`: as it is; `deep`: by how much closer it is by that tier, where it was asked."""
    cosine = np.array([candidate.semantic for candidate in pool.candidates], np.float32)
    ascending = np.sort(cosine)
    # np.quantile would be the same and import numpy.ma, 8 ms of a cold search
    low = float(np.interp(FLOOR_QUANTILE * (len(cosine) - 1), np.arange(len(cosine)), ascending))
    high = float(ascending[-1])
    spread = max(high - low, LEAST_SPREAD)
    closeness = np.clip((cosine - low) / spread, 0, 1)
    excess = deep_excess(pool, closeness)
    if excess is None:
        return {"semantic": closeness, "cosine": cosine}
    return {"semantic": closeness + np.float32(BLEND) * excess, "cosine": cosine, DEEP: excess}
