"""Keeping one file, or copies of one text, from filling the answer."""

import numpy as np
from numpy.typing import NDArray

from wherein.search.rank.pool import Column

SAME_FILE = "same_file"
"""The weight, beside those of the features, that is taken off a chunk for each better one of its file."""

MOST_SAME_FILE = 3
"""It is taken off so many times at most."""


def order(files: NDArray[np.intp], scores: Column, same_file: float) -> list[tuple[int, float]]:
    """The indices of n candidates, best first, each with what was taken off its score: `same_file` for each better one
    of its file. Equal ones stay in the order that they are in.

    `files` has shape (n,): a number for each candidate's file.
    """
    taken = np.zeros(len(scores), np.float32)
    if same_file:
        best_first = np.argsort(-scores, kind="stable")
        seen: dict[int, int] = {}
        better = []
        for file in files[best_first].tolist():
            before = seen.get(file, 0)
            seen[file] = before + 1
            better.append(before)
        taken[best_first] = same_file * np.minimum(better, MOST_SAME_FILE)
    final = np.argsort(taken - scores, kind="stable")
    return list(zip(final.tolist(), taken[final].tolist(), strict=True))
