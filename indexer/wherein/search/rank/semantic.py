"""Closeness in meaning, relative to the other candidates."""

import numpy as np

from wherein.search.rank.pool import Features, Pool

FLOOR_QUANTILE = 0.1
"""Cosines of a static model crowd in a narrow band whose place depends on the query: what the worst tenth has is 0."""


def semantic_features(pool: Pool) -> Features:
    """`semantic`: the cosine, stretched from the pool's low end to its best; `cosine`: as it is."""
    cosine = np.array([candidate.semantic for candidate in pool.candidates], np.float32)
    low, high = float(np.quantile(cosine, FLOOR_QUANTILE)), float(cosine.max())
    spread = max(high - low, 1e-6)
    return {"semantic": np.clip((cosine - low) / spread, 0, 1), "cosine": cosine}
