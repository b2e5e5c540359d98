"""Where a chunk stands and what it is: tests, examples, documents; definitions and loose code."""

import numpy as np

from wherein.search.rank.kinds import DEFINITIONS, FUNCTIONS, TEXTS
from wherein.search.rank.paths import facts, noise_groups
from wherein.search.rank.pool import Features, Pool

NOISE = ("test", "example", "documentation", "compatibility")
"""The groups of noise.toml, in its order."""


def place_features(pool: Pool) -> Features:
    """One column a group of noise.toml, 1 where the path is of that group and the query does not ask for it; `kind`
    where the kind is one that the query asks for; `function` where it is one; `loose` for code outside definitions;
    `prose` for documents."""
    features = _noise(pool)
    wanted = pool.query.kinds
    kinds = [candidate.kind for candidate in pool.candidates]
    index = {kind: i for i, kind in enumerate(set(kinds))}
    told = np.array(
        [(kind in wanted, kind in FUNCTIONS, kind in TEXTS, _loose(kind)) for kind in index],
        np.float32,
    )
    columns = told.T[:, [index[kind] for kind in kinds]]
    return features | dict(zip(("kind", "function", "prose", "loose"), columns, strict=True))


def is_noise(path: str) -> bool:
    """Whether a path is that of a test, an example or the like."""
    return bool(facts(path).noise)


def _noise(pool: Pool) -> Features:
    words = frozenset(pool.query.words)
    of_files = {group.name: np.zeros(len(pool.paths), np.float32) for group in noise_groups()}
    for file, path in enumerate(pool.paths):
        for group in path.noise:
            of_files[group][file] = 1
    for asked in noise_groups():
        if words & asked.asked_by:
            of_files[asked.name][:] = 0
    return {name: column[pool.files] for name, column in of_files.items()}


def _loose(kind: str) -> bool:
    return kind not in DEFINITIONS and kind not in TEXTS
