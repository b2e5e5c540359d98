"""How much each term of a query tells."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from wherein.search.intent import Intent
from wherein.search.query import Query
from wherein.search.telling import telling


def term_weights(
    query: Query, frequencies: Mapping[str, int], chunks: int, spoken: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """BM25's IDF of each of t terms, scaled to sum to 1: shape (t,). One that no chunk has tells as much as the others
    on average where a candidate holds a synonym (`spoken`, shape (t,)), else nothing. A number tells at most as much as
    the words do on average: it is rare, and yet a table of numbers is no answer. What people say and code seldom has
    tells less (telling.py)."""
    n = max(chunks, 1)
    held = [min(frequencies.get(term, 0), n) for term in query.terms]
    idf = np.array([math.log1p((n - df + 0.5) / (df + 0.5)) if df else 0.0 for df in held], np.float32)
    words = (idf > 0) & ~np.array([term.isdigit() for term in query.terms], bool)
    if words.any():
        mean = idf[words].mean()
        idf[~words] = np.minimum(idf[~words], mean)
        idf[spoken & (idf == 0)] = mean
    elif spoken.any() and not idf.any():
        idf[spoken] = 1.0
    idf *= np.array(list(map(telling, query.terms)), np.float32) ** query.intents.get(Intent.ACTION, 0.0)
    total = float(idf.sum())
    return idf / total if total > 0 else idf
