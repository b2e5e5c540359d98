"""Synonyms: if a term is missing, another word for it counts as part of an occurrence."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.profile import Found, TermCounts
from wherein.search.synonyms import Synonym


def spoken_for(found: Found, terms: int, synonyms: Sequence[Synonym]) -> TermCounts:
    """The counts of a query's terms, raised to the strength of the strongest synonym that is there.

    `found` is of the terms, which are so many, then of those of the synonyms, in their order.
    """
    own = found.counts(slice(terms))
    if synonyms:
        strength = np.array([synonym.strength for synonym in synonyms], np.float32)
        of = np.array([synonym.of for synonym in synonyms], np.intp)
        fields, chunks, others = found.places(slice(terms, terms + len(synonyms)))
        places = np.ravel_multi_index((fields, chunks, of[others]), own.counts.shape)
        np.maximum.at(own.counts.reshape(-1), places, strength[others])
    return own


def held(
    names: Sequence[frozenset[str]], terms: Sequence[str], synonyms: Sequence[Synonym]
) -> NDArray[np.float32]:
    """Shape (names, terms): 1 if a name holds the term, the strength of a synonym where it holds that."""
    found = np.zeros((len(names), len(terms)), np.float32)
    value: dict[str, list[tuple[int, float]]] = {}
    for i, term in enumerate(terms):
        value.setdefault(term, []).append((i, 1.0))
    for synonym in synonyms:
        value.setdefault(synonym.term, []).append((synonym.of, synonym.strength))
    wanted = frozenset(value)
    for row, name in enumerate(names):
        if wanted.isdisjoint(name):
            continue
        for term in wanted & name:
            for i, strength in value[term]:
                found[row, i] = max(found[row, i], strength)
    return found
