"""Keeps one file, or copies of one text, from filling the answer."""

import numpy as np
from numpy.typing import NDArray

from wherein.search.rank.pool import Column

SAME_FILE = "same_file"
"""The weight, beside those of the features, that is taken off a chunk for each better one in its file."""

MOST_SAME_FILE = 3
"""The most times that it is taken off."""


def tax(files: NDArray[np.intp], scores: Column, same_file: float) -> Column:
    """Shape (n,): what is taken off the scores of n candidates, `same_file` for each better one of the same file.

    `files` has shape (n,): a number for each candidate's file. Of equal ones, the first is the better.
    """
    taken = np.zeros(len(scores), np.float32)
    if same_file:
        order = np.argsort(-scores, kind="stable")
        seen: dict[int, int] = {}
        better = []
        for file in files[order].tolist():
            before = seen.get(file, 0)
            seen[file] = before + 1
            better.append(before)
        taken[order] = same_file * np.minimum(better, MOST_SAME_FILE)
    return taken


def best_first(scores: Column) -> list[int]:
    """Indices by score; equal ones keep their order."""
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    return order
