"""What a chunk defines, compared with what the query names."""

from collections.abc import Sequence, Set

import numpy as np

from wherein import tokens
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered
from wherein.search.intent import Intent
from wherein.search.query import SEPARATOR
from wherein.search.rank.kinds import TYPE_KINDS
from wherein.search.rank.pool import Features, Pool, f1
from wherein.store.protocol import Candidate
from wherein.tokens import fold, fold_all

EXACT, SECOND, STYLED, TAIL = 1.0, 0.8, 0.7, 0.4
"""How exactly a definition has a name: as it stands; as it stands, but as the constructor of what is called so, or as
one of several that it lists; written in another style; its last part alone."""
BESIDE_EXACT = {SECOND: 0.5, STYLED: 0.3}
"""The same where something else has the name as it stands. Of 320 types of eight repositories, asked for by their
names, 292 came first without this and the tiers above, 317 with them; of 200 functions 194 and 196."""

REMEMBERED = 30_000
"""Symbols, some 200 bytes each."""
QUALIFIED_REMEMBERED = 8_000
"""Qualified names, some 500 bytes each: a long question asks for many names whose last parts many chunks have."""


def name_features(pool: Pool) -> Features:
    """`named`: how exactly the chunk defines what the query names; `named_type` is the same for types, which a single
    name rather means than their constructors; `symbol`: F1 of the query's terms and the symbol's, the terms weighted
    by what they tell; `compound`: the symbol holds two neighbouring words of the query as one name.
    """
    named = np.zeros(len(pool), np.float32)
    if pool.query.names:
        asked = [(name, _parts[name]) for name in pool.query.names]
        called = _called(pool.candidates, {parts.folded[-1] for _, parts in asked})
        for name, parts in asked:
            alone = len(parts.written) == 1
            close = {
                i: _alone(name, pool.candidates[i]) if alone else _qualified(parts, pool.candidates[i])
                for i in called[parts.folded[-1]]
            }
            if EXACT in close.values():
                close = {i: BESIDE_EXACT.get(each, each) for i, each in close.items()}
            for i, each in close.items():
                named[i] = max(named[i], np.float32(each))
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


def _called(candidates: Sequence[Candidate], wanted: Set[str]) -> dict[str, list[int]]:
    """Which candidates have each of the wanted names, folded, whatever its style."""
    found: dict[str, list[int]] = {name: [] for name in wanted}
    for i, (each, own) in enumerate(
        zip(candidates, fold_all([each.symbol for each in candidates]), strict=True)
    ):
        if own in found:
            found[own].append(i)
        if each.names:
            for name in (wanted & set(map(fold, each.names))) - {own}:
                found[name].append(i)
    return found


def _size(symbol: str) -> int:
    """Its words; 1 if it has none."""
    return max(tokens.count_words(symbol), 1)


_sizes: Remembered[str, int] = Remembered(_size, REMEMBERED)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Of a qualified name."""

    written: list[str]
    folded: list[str]


def _divided(name: str) -> _Parts:
    parts = SEPARATOR.split(name)
    return _Parts(parts, list(map(fold, parts)))


_parts: Remembered[str, _Parts] = Remembered(_divided, QUALIFIED_REMEMBERED)


def _alone(name: str, candidate: Candidate) -> float:
    """How exactly a candidate has a name that it has, ignoring its style."""
    if candidate.symbol == name:
        return SECOND if candidate.kind == "constructor" else EXACT
    return SECOND if name in candidate.names else STYLED


def _qualified(asked: _Parts, candidate: Candidate) -> float:
    """The same of a qualified name whose last part it has."""
    own, last = _parts[candidate.qualified_name], slice(-len(asked.written), None)
    if own.written[last] == asked.written:
        return EXACT
    return STYLED if own.folded[last] == asked.folded else TAIL
