"""Where a chunk stands and what it is: tests, examples, documents; definitions and loose code."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from wherein import tokens
from wherein.search.query import Intent
from wherein.search.rank.pool import Features, Pool

DEFINITIONS = frozenset(
    {
        "function", "method", "constructor", "class", "struct", "interface", "trait", "impl", "enum",
        "macro", "type", "namespace", "object",
    }
)  # fmt: skip
FUNCTIONS = frozenset({"function", "method", "constructor"})
NOISE = ("test", "example", "documentation", "compatibility")
"""The groups of noise.toml, in its order."""
TEXTS = frozenset({"section", "text", "cue", "table", "key"})


def place_features(pool: Pool) -> Features:
    """One column a group of noise.toml, 1 where the path is of that group and the query does not ask for it; `kind`
    where the kind is one that the query asks for; `function` where it is one and the query asks for an action;
    `loose` for code outside definitions; `prose` for documents."""
    words = frozenset(pool.query.words)
    features: Features = {}
    for group in _groups():
        if words & group.asked_by:
            of_group = [0.0] * len(pool.paths)
        else:
            of_group = [float(group.name in _groups_of(path)) for path in pool.paths]
        features[group.name] = np.array(of_group, np.float32)[pool.files]
    kinds = [candidate.kind for candidate in pool.candidates]
    features["kind"] = np.array([kind in pool.query.kinds for kind in kinds], np.float32)
    if pool.query.intent is Intent.ACTION:
        features["function"] = np.array([kind in FUNCTIONS for kind in kinds], np.float32)
    else:
        features["function"] = np.zeros(len(kinds), np.float32)
    features["prose"] = np.array([kind in TEXTS for kind in kinds], np.float32)
    features["loose"] = np.array(
        [kind not in DEFINITIONS and kind not in TEXTS for kind in kinds], np.float32
    )
    return features


def is_noise(path: str) -> bool:
    """Whether a path is that of a test, an example or the like."""
    return bool(_groups_of(path))


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    asked_by: frozenset[str]
    folders: frozenset[str]
    stems: frozenset[str]


@cache
def _groups() -> tuple[_Group, ...]:
    data = tomllib.loads(files("wherein.search.rank").joinpath("noise.toml").read_text("utf-8"))
    return tuple(
        _Group(name, *(frozenset(group[key]) for key in ("asked_by", "folders", "stems")))
        for name, group in data.items()
    )


@lru_cache(maxsize=20_000)
def _groups_of(path: str) -> frozenset[str]:
    folder, _, name = path.rpartition("/")
    held = frozenset(folder.lower().split("/"))
    stem = frozenset(tokens.words(name.rpartition(".")[0] or name))
    return frozenset(group.name for group in _groups() if held & group.folders or stem & group.stems)
