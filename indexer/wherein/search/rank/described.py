"""What a language model wrote about a definition without a doc comment: weak evidence, beside its author's words."""

import numpy as np

from wherein.search.rank.pool import Features, Pool

DESCRIBED = "described"

WEIGHTS = {DESCRIBED: 0.15}
"""The same for every intent: less than half of what a word in the code itself weighs (`coverage`). Set by hand: with
the sentences of a model of 135M parameters any weight does nothing: they have hardly a word that the code lacks."""


def description_features(pool: Pool) -> Features:
    """`described`: the weight of the query's terms that the description has and the chunk itself lacks; none where no
    candidate has a description."""
    if pool.described is None:
        return {}
    return {DESCRIBED: (pool.described @ pool.weights).astype(np.float32)}
