"""A query that is one rare word: what has the word comes before what is merely similar."""

import numpy as np

from wherein.search.rank.pool import Column, Features, Pool

ONLY_WORD = "only_word"
"""The step's weight, beside those of the features: 1, unless it is adjusted."""

FEW = 10
"""Candidates, a page. A word that more of them have is a subject, and what is like it may be the better answer."""

MARGIN = 0.05


def lacking(pool: Pool, features: Features, scores: Column) -> Column:
    """Shape (n,): what is taken off the scores of candidates that lack the word, so that all that have it come first; 0
    if the query is no single word, or none or many have it.

    No weight can do that: the vector index always has something near, and its file may be long, shallow and coherent.
    Of 192 words made up and hidden in comments and strings of eight repositories, 190 came first without this step.
    """
    off = np.zeros(len(scores), np.float32)
    if pool.query.word in pool.query.terms:
        term = pool.query.terms.index(pool.query.word)
        has = (
            pool.counts.counts[:, :, term].any(axis=0)
            | (pool.stem_terms[pool.files, term] > 0)
            | (features["named"] > 0)
        )
        if 0 < has.sum() <= FEW and not has.all():
            lead = scores[has].min() - scores[~has].max()
            off[~has] = max(MARGIN - lead, 0)
    return off
