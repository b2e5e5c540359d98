"""The one order of candidates that depends neither on the store nor on when anything was written."""

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from wherein.store.protocol import Candidate

_path, _line = attrgetter("path"), attrgetter("start_line")


def by_place(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[str], NDArray[np.intp]]:
    """n candidates by path and line; the distinct paths, in order; and of shape (n,), ascending, which of these each
    candidate is of. What is computed from them in this order, sums as well as ties, is the same for each index."""
    of_candidates = list(map(_path, candidates))
    paths = sorted(set(of_candidates))
    index = {path: i for i, path in enumerate(paths)}
    files = np.array([index[path] for path in of_candidates], np.intp)
    order = np.lexsort((np.array(list(map(_line, candidates)), np.intp), files))
    return [candidates[i] for i in order.tolist()], paths, files[order]
