"""Evidence that a folder is about the query: how well a file's neighbours match."""

from operator import mul

import numpy as np

from wherein.search.rank.files import match
from wherein.search.rank.pool import Column, Features, Pool

MOST_NEIGHBOURS = 5
FADING = 0.7
"""Each of a folder's files, best first, speaks so much less loudly than the one before. 0.5 -.0003/-.003 (files,
functions). Where the file itself counts among its neighbours, -.0017/-.007."""

_FADED = [FADING**place for place in range(MOST_NEIGHBOURS)]


def folder_features(pool: Pool, chunks: Features) -> Features:
    """`neighbours`: how well the best of the other files in the same folder match, of all folders' best. What belongs
    to a subject is kept together, while a file that merely mentions it stands among others that do not."""
    best = np.maximum.reduceat(match(chunks), pool.firsts)
    repositories: list[int] = pool.repositories.tolist()
    folders: dict[tuple[int, str], list[int]] = {}
    for file in np.argsort(-best, kind="stable").tolist():
        folders.setdefault((repositories[file], pool.paths[file].folder), []).append(file)
    values: list[float] = best.tolist()
    told = [0.0] * len(values)
    for files in folders.values():
        first = [values[file] for file in files[: MOST_NEIGHBOURS + 1]]
        for place, file in enumerate(files[:MOST_NEIGHBOURS]):
            told[file] = _together(first[:place] + first[place + 1 :])
        if len(files) > MOST_NEIGHBOURS:
            others = _together(first[:MOST_NEIGHBOURS])
            for file in files[MOST_NEIGHBOURS:]:
                told[file] = others
    column: Column = np.array(told, np.float32)[pool.files]
    return {"neighbours": column / max(max(told), 1e-6)}


def _together(values: list[float]) -> float:
    together: float = sum(map(mul, values, _FADED))
    return together
