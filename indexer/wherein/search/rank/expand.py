"""Synonyms: where a term is missing, another word for it counts as a part of an occurrence."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.profile import TermCounts
from wherein.search.synonyms import Synonym


def spoken_for(own: TermCounts, others: TermCounts, synonyms: Sequence[Synonym]) -> TermCounts:
    """The counts of t terms, raised to the strength of the strongest synonym that is there.

    `own` holds the counts of the terms, `others` those of the synonyms, in the order of their terms.
    """
    if not synonyms:
        return own
    strength = np.array([synonym.strength for synonym in synonyms], np.float32)
    of = np.array([synonym.of for synonym in synonyms])
    terms, firsts = np.unique(of, return_index=True)

    counts = own.counts.copy()
    best = np.maximum.reduceat((others.counts > 0) * strength, firsts, axis=2)
    counts[:, :, terms] = np.maximum(counts[:, :, terms], best)
    return TermCounts(counts, own.body_length, own.doc_length)


def held(
    names: Sequence[frozenset[str]], terms: Sequence[str], synonyms: Sequence[Synonym]
) -> NDArray[np.float32]:
    """Shape (names, terms): 1 where a name holds the term, the strength of a synonym where it holds that."""
    found = np.zeros((len(names), len(terms)), np.float32)
    value: dict[str, list[tuple[int, float]]] = {}
    for i, term in enumerate(terms):
        value.setdefault(term, []).append((i, 1.0))
    for synonym in synonyms:
        value.setdefault(synonym.term, []).append((synonym.of, synonym.strength))
    wanted = frozenset(value)
    for row, name in enumerate(names):
        for term in wanted & name:
            for i, strength in value[term]:
                found[row, i] = max(found[row, i], strength)
    return found
