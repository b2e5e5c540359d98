"""Which of many repositories are worth asking: those with many chunks that hold the query's rare words.

Otherwise a search in a few hundred repositories would ask each for candidates, and show hardly any of them.
"""

import math
from collections.abc import Collection, Sequence

from wherein.store.protocol import Retrieved

MOST_ASKED = 40
"""Repositories. For 868 questions that one of 37 repositories answers, the right one is among the best 5 for .88, 12
for .96, 24 for .996."""

SMALL = 50
"""Chunks that are added to each repository's number: one of five chunks with a word does not make it the subject."""

DENSE = 100.0
"""Scales the share of chunks with a word before the logarithm: a repository with twice as many is not twice as
likely."""


def worth_asking(
    statistics: Sequence[Retrieved],
    terms: Sequence[str],
    most: int = MOST_ASKED,
    *,
    named: Collection[int] = (),
) -> list[int]:
    """The places of the `most` repositories that are likeliest to have an answer, and of those `named`, in order; all,
    if nothing tells them apart. `statistics` say how many chunks of each hold each of the terms."""
    if len(statistics) <= most or not terms:
        return list(range(len(statistics)))
    total = sum(each.chunk_count for each in statistics)
    held = {term: sum(each.document_frequency.get(term, 0) for each in statistics) for term in terms}
    rare = {term: math.log1p(total / (count + 0.5)) for term, count in held.items() if count}

    def worth(each: Retrieved) -> float:
        return sum(
            weight * math.log1p(DENSE * each.document_frequency.get(term, 0) / (each.chunk_count + SMALL))
            for term, weight in rare.items()
        )

    best = sorted(range(len(statistics)), key=lambda place: -worth(statistics[place]))
    return sorted({*best[:most], *named})
