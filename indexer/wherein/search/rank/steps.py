"""The ranking steps by name, each with its features: what a setting or an ablation turns off."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wherein.search.query import Query
from wherein.search.rank.deep import DEEP
from wherein.search.rank.described import DESCRIBED
from wherein.search.rank.only_word import ONLY_WORD
from wherein.search.rank.places import NOISE
from wherein.search.rank.repositories import DENSITY, REPOSITORY
from wherein.search.variety import SAME_FILE

SYNONYMS = "synonyms"
"""The step that has no feature of its own: it raises the counts that the others start from."""

STEPS: Mapping[str, tuple[str, ...]] = {
    "words": ("lexical", "coverage", "met", "short", "long", "length"),
    SYNONYMS: (),
    "meaning": ("semantic", "cosine"),
    DEEP: (DEEP,),
    DESCRIBED: (DESCRIBED,),
    "names": ("named", "named_type", "symbol"),
    "compounds": ("compound",),
    "kinds": ("kind", "function", "constructor", "type", "private", "nested", "prose", "loose"),
    "noise": NOISE,
    "paths": ("stem", "stem_precision", "folder", "parent", "depth"),
    "files": (
        "coherence",
        "file_coverage",
        "file_lexical",
        "file_semantic",
        "best_lexical",
        "best_semantic",
    ),
    "folders": ("neighbours",),
    "repositories": (DENSITY, REPOSITORY),
    ONLY_WORD: (ONLY_WORD,),
    "variety": (SAME_FILE,),
}


def features_of(names: Iterable[str]) -> frozenset[str]:
    """The features that steps, or features, of these names give."""
    return frozenset(feature for name in names for feature in STEPS.get(name, (name,)))


def adjusted(weights: Mapping[str, float], adjust: Mapping[str, float]) -> dict[str, float]:
    """The weights, multiplied by what `adjust` says of each feature and of the step that it comes from."""
    result = dict(weights)
    for name, factor in adjust.items():
        for feature in STEPS.get(name, (name,)):
            if feature in result:
                result[feature] *= factor
    return result


def adjusted_synonyms(query: Query, adjust: Mapping[str, float]) -> Query:
    """The query, with its synonyms as strong as `adjust` says; without them for 0."""
    factor = adjust.get(SYNONYMS, 1.0)
    if factor == 1.0:
        return query
    scaled = [synonym._replace(strength=synonym.strength * factor) for synonym in query.synonyms if factor]
    return replace(query, synonyms=tuple(scaled))
