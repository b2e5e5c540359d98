"""Keeping one file, or copies of one text, from filling the answer."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from wherein.search.rank.pool import Column
from wherein.store.protocol import Candidate

SAME_FILE = 0.12
"""Taken off a chunk's score for each better chunk of its file, up to MOST_SAME_FILE of them."""

MOST_SAME_FILE = 3


def order(candidates: Sequence[Candidate], scores: Column) -> list[int]:
    """The indices of the candidates, best first: by score, each further chunk of one file a little lower."""
    ranked = sorted(
        range(len(candidates)),
        key=lambda i: (-scores[i], candidates[i].path, candidates[i].start_line),
    )
    seen: Counter[str] = Counter()
    adjusted = np.array(scores, np.float32)
    for i in ranked:
        path = candidates[i].path
        adjusted[i] -= SAME_FILE * min(seen[path], MOST_SAME_FILE)
        seen[path] += 1
    ranked.sort(key=lambda i: (-adjusted[i], candidates[i].path, candidates[i].start_line))
    return ranked
