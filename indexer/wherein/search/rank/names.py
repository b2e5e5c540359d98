"""What a chunk defines, against what the query names."""

import numpy as np

from wherein import tokens
from wherein.remembered import Remembered
from wherein.search.intent import Intent
from wherein.search.query import SEPARATOR
from wherein.search.rank.kinds import TYPE_KINDS
from wherein.search.rank.pool import Features, Pool, f1
from wherein.store.protocol import Candidate
from wherein.tokens import fold

EXACT, STYLED, TAIL = 1.0, 0.7, 0.4

REMEMBERED = 50_000
"""Symbols."""


def name_features(pool: Pool) -> Features:
    """`named`: how exactly the chunk defines what the query names; `named_type` is the same for types, which a single
    name rather means than their constructors; `symbol`: F1 of the query's terms and the symbol's, the terms weighted
    by what they tell; `compound`: the symbol holds two neighbouring words of the query as one name.
    """
    named = np.zeros(len(pool), np.float32)
    if pool.query.names:
        asked = [(name, [fold(part) for part in SEPARATOR.split(name)]) for name in pool.query.names]
        named[:] = [_named(asked, candidate) for candidate in pool.candidates]
    size = np.array([_sizes[candidate.symbol] for candidate in pool.candidates], np.float32)
    recall = pool.counts.symbol @ pool.weights
    precision = np.minimum(pool.counts.symbol.sum(axis=1) / size, 1.0)
    named_type = np.zeros_like(named)
    if pool.query.intent is Intent.SYMBOL:
        named_type[:] = named * [candidate.kind in TYPE_KINDS for candidate in pool.candidates]
    return {
        "named": named,
        "named_type": named_type,
        "symbol": f1(recall, precision).astype(np.float32),
        "compound": pool.compounds,
    }


def _size(symbol: str) -> int:
    """Its words; 1 where it has none."""
    return max(len(tokens.words(symbol)), 1)


_sizes: Remembered[str, int] = Remembered(_size, REMEMBERED)


def _named(asked: list[tuple[str, list[str]]], candidate: Candidate) -> float:
    """The best of the query's names, each with its folded parts: EXACT, STYLED when written in another style, TAIL
    when only the last part of a qualified name is defined."""
    symbol, others = candidate.symbol, candidate.names
    if not symbol:
        return 0.0
    folded = [fold(symbol), *map(fold, others)] if others else [fold(symbol)]
    best = 0.0
    for name, parts in asked:
        if len(parts) > 1:
            path = [fold(part) for part in SEPARATOR.split(candidate.qualified_name)]
            if path[-len(parts) :] == parts:
                best = max(best, EXACT)
            elif parts[-1] in folded:
                best = max(best, TAIL)
        elif name == symbol or name in others:
            best = max(best, EXACT)
        elif parts[0] in folded:
            best = max(best, STYLED)
    return best
