"""What a chunk defines, against what the query names."""

import numpy as np

from wherein import tokens
from wherein.search.query import SEPARATOR, Intent
from wherein.search.rank.pool import Features, Pool, f1
from wherein.store.protocol import Candidate

EXACT, STYLED, TAIL = 1.0, 0.7, 0.4

TYPE_KINDS = frozenset(
    {"class", "struct", "interface", "trait", "enum", "type", "namespace", "module", "object"}
)


def name_features(pool: Pool) -> Features:
    """`named`: how exactly the chunk defines what the query names; `named_type` is the same for types, which a single
    name rather means than their constructors; `symbol`: F1 of the query's terms and the symbol's, the terms weighted
    by what they tell; `compound`: the symbol holds two neighbouring words of the query as one name.
    """
    named = np.fromiter((_named(pool.query.names, candidate) for candidate in pool.candidates), np.float32)
    size = np.fromiter(
        (max(len(tokens.words(candidate.symbol)), 1) for candidate in pool.candidates), np.float32
    )
    recall = pool.counts.symbol @ pool.weights
    precision = np.minimum(pool.counts.symbol.sum(axis=1) / size, 1.0)
    types = np.array([candidate.kind in TYPE_KINDS for candidate in pool.candidates], np.float32)
    return {
        "named": named,
        "named_type": named * types if pool.query.intent is Intent.SYMBOL else np.zeros_like(named),
        "symbol": f1(recall, precision).astype(np.float32),
        "compound": pool.compounds,
    }


def _named(names: tuple[str, ...], candidate: Candidate) -> float:
    """The best of the query's names: EXACT, STYLED when written in another style, TAIL when only the last part of a
    qualified name is defined."""
    if not names or not candidate.symbol:
        return 0.0
    defined = (candidate.symbol, *candidate.names)
    folded = {tokens.fold(name) for name in defined}
    path = [tokens.fold(part) for part in SEPARATOR.split(candidate.qualified_name)]
    best = 0.0
    for name in names:
        parts = [tokens.fold(part) for part in SEPARATOR.split(name)]
        if len(parts) > 1:
            if path[-len(parts) :] == parts:
                best = max(best, EXACT)
            elif parts[-1] in folded:
                best = max(best, TAIL)
        elif name in defined:
            best = max(best, EXACT)
        elif parts[0] in folded:
            best = max(best, STYLED)
    return best
