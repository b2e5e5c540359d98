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
    ranked = sorted(
        range(len(candidates)),
        key=lambda i: (-scores[i], candidates[i].path, candidates[i].start_line),
    )
    seen: Counter[str] = Counter()
    taken = np.zeros(len(candidates), np.float32)
    for i in ranked:
        path = candidates[i].path
        taken[i] = same_file * min(seen[path], MOST_SAME_FILE)
        seen[path] += 1
    adjusted = scores - taken
    ranked.sort(key=lambda i: (-adjusted[i], candidates[i].path, candidates[i].start_line))
    return [(i, float(taken[i])) for i in ranked]
