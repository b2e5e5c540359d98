"""Where a chunk is and what it is: tests, examples, documents; definitions and loose code."""

import numpy as np

from wherein.path_groups import TEST, groups_of, inline_tests, path_groups
from wherein.scopes import is_inline_test
from wherein.search.rank.kinds import DEFINITIONS, FUNCTIONS, TEXTS, TYPE_KINDS
from wherein.search.rank.pool import Features, Pool

NOISE = ("test", "example", "documentation", "compatibility")
"""The groups of path_groups.toml, in its order."""


NESTED = 4
"""Names; what lies deeper is a detail all the same."""

ASKED = 2.0
"""What surely asks for tests gives them as much as is otherwise taken off them."""


def place_features(pool: Pool) -> Features:
    """One column a group of path_groups.toml, 1 if the path is of that group and the query does not ask for it, less
    the likelier it does, and below 0 if it surely does; `kind` where the kind is one that the query asks for;
    `function`, `constructor`, `type` where it is one; `loose` for code outside definitions; `prose` for documents;
    `private` where the name begins with an underscore; `nested`: how many names stand around it."""
    features = _noise(pool)
    wanted = pool.query.kinds
    kinds = [candidate.kind for candidate in pool.candidates]
    index = {kind: i for i, kind in enumerate(set(kinds))}
    told = np.array(
        [
            (
                kind in wanted,
                kind in FUNCTIONS,
                kind == "constructor",
                kind in TYPE_KINDS,
                kind in TEXTS,
                _loose(kind),
            )
            for kind in index
        ],
        np.float32,
    )
    columns = told.T[:, [index[kind] for kind in kinds]]
    names = ("kind", "function", "constructor", "type", "prose", "loose")
    return features | dict(zip(names, columns, strict=True)) | _standing(pool)


def is_noise(path: str) -> bool:
    """Whether a path is that of a test, an example or the like."""
    return bool(groups_of(path))


def _noise(pool: Pool) -> Features:
    of_files = {group.name: np.zeros(len(pool.paths), np.float32) for group in path_groups()}
    for file, path in enumerate(pool.paths):
        for name in path.noise:
            of_files[name][file] = 1
    columns = {name: column[pool.files] for name, column in of_files.items()}
    within = [bool(inline_tests(path.path)) for path in pool.paths]
    if any(within):
        for i, (candidate, file) in enumerate(zip(pool.candidates, pool.files.tolist(), strict=True)):
            if within[file] and is_inline_test(candidate.path, candidate.qualified_name):
                columns[TEST][i] = 1
    for group in path_groups():
        columns[group.name] *= 1 - ASKED * group.asked(pool.query.asking)
    return columns


def _standing(pool: Pool) -> Features:
    private = [each.symbol.startswith("_") for each in pool.candidates]
    nested = np.minimum(pool.nested, NESTED) / NESTED
    return {"private": np.array(private, np.float32), "nested": nested.astype(np.float32)}


def _loose(kind: str) -> bool:
    return kind not in DEFINITIONS and kind not in TEXTS
