"""The score: a weighted sum of features, with its parts."""

import tomllib
from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from wherein.packaged import files
from wherein.search.intent import Intent, Shares, idle_terms
from wherein.search.rank.deep import DEEP
from wherein.search.rank.deep import WEIGHTS as DEEP_WEIGHTS
from wherein.search.rank.described import DESCRIBED, description_features
from wherein.search.rank.described import WEIGHTS as DESCRIBED_WEIGHTS
from wherein.search.rank.files import file_features
from wherein.search.rank.folders import folder_features
from wherein.search.rank.lexical import lexical_features
from wherein.search.rank.names import name_features
from wherein.search.rank.only_word import ONLY_WORD
from wherein.search.rank.places import place_features
from wherein.search.rank.pool import Column, Features, Pool
from wherein.search.rank.repositories import WEIGHTS, repository_features
from wherein.search.rank.semantic import semantic_features
from wherein.search.variety import SAME_FILE

Weights = Mapping[str, float]
"""Feature → weight; a feature without one adds nothing."""

LEAST_COSINE = 0.2
"""Below this, a chunk without any word of the query is not an answer. The nearest chunk of each benchmark query has .23
or more; dropping the others changes no figure there."""

SEMANTIC_FEATURES = frozenset(
    {"semantic", "cosine", DEEP, "file_semantic", "best_semantic", "coherence", "neighbours"}
)


@np.errstate(invalid="ignore")
def compute_features(pool: Pool) -> Features:
    """All features of all candidates. Those of files and folders come last: they build on those of the chunks.

    Products of matrices and short vectors may be told of as invalid although all of it is finite: what lies behind the
    vector in memory is multiplied too, and thrown away.
    """
    features = lexical_features(pool) | semantic_features(pool) | name_features(pool) | place_features(pool)
    features |= description_features(pool)
    features |= file_features(pool, features) | folder_features(pool, features)
    return features | repository_features(pool)


def answering(features: Features) -> NDArray[np.bool_]:
    """Shape (n,): whether a candidate has anything to do with the query: a term of it, its name, or a similar meaning.
    The vector index always has nearest neighbours, however far they are."""
    return (
        (features["coverage"] > 0)
        | (features["named"] > 0)
        | (features["stem"] > 0)
        | (features["cosine"] >= LEAST_COSINE)
        | (features[DEEP] > 0 if DEEP in features else False)
        | (features[DESCRIBED] > 0 if DESCRIBED in features else False)
    )


def any_word_known(pool: Pool, features: Features) -> bool:
    """Whether the index holds any word of the query, or a synonym of one, has its name, or has a file or folder of that
    name. Something is near to anything, even to nonsense."""
    terms = pool.query.terms
    telling = [i for i, term in enumerate(terms) if term not in idle_terms()] or range(len(terms))
    return bool(
        any(pool.frequencies.get(terms[i], 0) for i in telling)
        or pool.counts.counts[:, :, telling].any()
        or pool.stem_terms[:, telling].any()
        or pool.folder_terms[:, telling].any()
        or features["named"].any()
        or (DESCRIBED in features and features[DESCRIBED].any())
    )


def score(features: Features, weights: Weights) -> Column:
    """Shape (n,)."""
    total: Column = np.zeros(len(next(iter(features.values()))), np.float32)
    for name, column in features.items():
        if weight := weights.get(name, 0.0):
            total += np.float32(weight) * column
    return total


def parts(features: Features, weights: Weights, i: int) -> dict[str, float]:
    """What each feature adds to candidate i's score, largest first; they sum to the score."""
    found = [
        (name, value)
        for name, weight in weights.items()
        if name in features and (value := weight * features[name].item(i))
    ]
    return dict(sorted(found, key=lambda part: -abs(part[1])))


def default_weights(intent: Intent) -> Weights:
    """The weights in the package for queries of an intent."""
    return _weights()[intent]


def mixed_weights(intents: Shares) -> Weights:
    """The weights for a query whose intent is only likely. They are a mixture, so each feature's part of a score is
    still what it adds."""
    if len(intents) == 1:
        return default_weights(*intents)
    each = [(share, default_weights(intent)) for intent, share in intents.items()]
    names = dict.fromkeys(name for _, weights in each for name in weights)
    mixed = {name: sum(share * weights.get(name, 0.0) for share, weights in each) for name in names}
    mixed[SAME_FILE] = sum(
        share * default_weights(intent)[SAME_FILE] for intent, share in doubted(intents).items()
    )
    return mixed


def doubted(intents: Shares) -> Shares:
    """The shares in which taxes of variety are mixed: if a topic is only likely, the neighbours of what was found are
    not wasted yet. The square of its share instead of the share itself: functions +.001, history +.004, files -.001."""
    topic = intents.get(Intent.TOPIC, 0.0) ** 2
    rest = sum(share for intent, share in intents.items() if intent is not Intent.TOPIC)
    return {
        intent: topic if intent is Intent.TOPIC else share * (1 - topic) / rest if rest else 0.0
        for intent, share in intents.items()
    }


@cache
def _weights() -> dict[str, dict[str, float]]:
    fitted: dict[str, dict[str, float]] = tomllib.loads(
        files("wherein.search.rank").joinpath("weights.toml").read_text("utf-8")
    )
    beside = WEIGHTS | DEEP_WEIGHTS | DESCRIBED_WEIGHTS | {ONLY_WORD: 1.0}
    return {intent: weights | beside for intent, weights in fitted.items()}
