"""What a chunk defines, against what the query names."""

import numpy as np

from wherein import tokens
from wherein.search.query import Intent
from wherein.search.rank.pool import Features, Pool

TYPE_KINDS = frozenset(
    {"class", "struct", "interface", "trait", "enum", "type", "namespace", "module", "object"}
)


def name_features(pool: Pool) -> Features:
    """`named`: the query's identifier is what the chunk defines (1), or so but for its style (0.7).

    `symbol`: F1 of the query's terms and the symbol's, the terms weighted by what they tell.
    """
    query = pool.query
    exact = set(query.names)
    folded = {tokens.fold(name) for name in query.names}
    named = np.zeros(len(pool), np.float32)
    size = np.ones(len(pool), np.float32)
    for i, candidate in enumerate(pool.candidates):
        defined = (candidate.symbol, candidate.qualified_name, *candidate.names)
        if candidate.symbol:
            size[i] = max(len(tokens.words(candidate.symbol)), 1)
        if not exact or not candidate.symbol:
            continue
        if exact.intersection(defined):
            named[i] = 1.0
        elif folded.intersection(tokens.fold(name) for name in defined):
            named[i] = 0.7
    recall = pool.counts.symbol @ pool.weights
    matched = pool.counts.symbol.sum(axis=1)
    precision = np.minimum(matched / size, 1.0)
    symbol = np.where(recall > 0, 2 * recall * precision / np.maximum(recall + precision, 1e-6), 0.0)
    heads = np.array([candidate.kind in TYPE_KINDS for candidate in pool.candidates], np.float32)
    return {
        "named": named,
        "named_type": named * heads if query.intent is Intent.SYMBOL else np.zeros_like(named),
        "symbol": symbol.astype(np.float32),
    }
