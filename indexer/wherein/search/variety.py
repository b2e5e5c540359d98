"""Keeping one file, or copies of one text, from filling the answer."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from wherein.search.rank.pool import Column
from wherein.store.protocol import Candidate

SAME_FILE = "same_file"
"""The weight, beside those of the features, that is taken off a chunk for each better one of its file."""

MOST_SAME_FILE = 3
"""It is taken off so many times at most."""


def order(candidates: Sequence[Candidate], scores: Column, same_file: float) -> list[tuple[int, float]]:
    """The indices of the candidates, best first, each with what was taken off its score: `same_file` for each better
    chunk of its file."""
    places = [(candidate.path, candidate.start_line) for candidate in candidates]
    seen: Counter[str] = Counter()
    taken = np.zeros(len(candidates), np.float32)
    for i in _descending(scores, places):
        path = places[i][0]
        if before := seen[path]:
            taken[i] = same_file * min(before, MOST_SAME_FILE)
        seen[path] += 1
    off = taken.tolist()
    return [(i, off[i]) for i in _descending(scores - taken, places)]


def _descending(scores: Column, places: list[tuple[str, int]]) -> list[int]:
    """Indices by score, equal ones by place."""
    keys = [(-score, *place) for score, place in zip(scores.tolist(), places, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)
