"""What was gathered, from one repository or several → the order in which it is shown. Asks no store."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from wherein.search import messages
from wherein.search.gathered import Gathered
from wherein.search.pasted import PASTED, WORTH, shares
from wherein.search.query import Query
from wherein.search.rank.deep import DEEP
from wherein.search.rank.only_word import ONLY_WORD, lacking
from wherein.search.rank.pool import Pool, make_pool
from wherein.search.rank.score import (
    SEMANTIC_FEATURES,
    Weights,
    answering,
    any_word_known,
    compute_features,
    mixed_weights,
    parts,
    score,
)
from wherein.search.rank.steps import adjusted
from wherein.search.searched import Searched
from wherein.search.showing import Ranked
from wherein.search.variety import SAME_FILE, best_first, tax

DEEP_ALONE = 0.3
"""The weight of the deep tier in semantic mode, where a cosine of the first tier has 1: they spread about that much."""

PLACE = "place"
"""The step for what is at a place in the query."""
PLACE_STEP = 0.1
"""The difference between the scores of one place and the next."""

Parts = Sequence[tuple[str, Gathered]]
"""Repositories by their identities, each with what it has; `Ranked.origin` is an index into it."""


def rank(
    query: Query, of: Parts, mode: str, adjust: Mapping[str, float], *, order_alone: bool = False
) -> Iterator[Ranked]:
    """What has to do with the query, best first, after what is at the places in it. `order_alone` leaves out the parts
    of scores."""
    ranked = _by_score(query, of, mode, adjust, order_alone=order_alone)
    return iter(_places_first(list(ranked), of)) if any(each.places for _, each in of) else ranked


def _by_score(
    query: Query, of: Parts, mode: str, adjust: Mapping[str, float], *, order_alone: bool
) -> Iterator[Ranked]:
    if not any(each.retrieved.candidates for _, each in of):
        return
    pool = make_pool(query, [Searched(name, each.retrieved) for name, each in of])
    features = compute_features(pool)
    if mode != "semantic" and not any_word_known(pool, features):
        return
    weights = adjusted(_of_mode(mixed_weights(query.intents), mode), adjust)
    if query.pasted and mode != "semantic":
        features[PASTED] = np.array(shares(query.pasted, _texts(pool, of)), np.float32)
        weights = {**weights, PASTED: WORTH}
    if query.message and mode != "semantic":
        features[messages.MESSAGE] = np.array(messages.shares(query.message, _texts(pool, of)), np.float32)
        weights = {**weights, **adjusted({messages.MESSAGE: messages.WORTH}, adjust)}
    scores = score(features, weights)
    taken = tax(pool.files, scores, weights.get(SAME_FILE, 0.0))
    behind = lacking(pool, features, scores - taken) * weights.get(ONLY_WORD, 0.0)
    answers = answering(features).tolist()
    exact = (scores.astype(np.float64) - taken - behind).tolist()
    origins = pool.repositories[pool.files].tolist()
    pasted = features[PASTED].tolist() if PASTED in features else None
    for i in best_first(scores - taken - behind):
        if answers[i]:
            of_score: dict[str, float] = {}
            if not order_alone or (pasted and pasted[i]):
                of_score = parts(features, weights, i)
                of_score |= _off(SAME_FILE, taken.item(i)) | _off(ONLY_WORD, behind.item(i))
            yield Ranked(pool.candidates[i], exact[i], of_score, pool.definitions[i], origin=origins[i])


def _texts(pool: Pool, of: Parts) -> list[str]:
    """Of each candidate."""
    origins = pool.repositories[pool.files].tolist()
    return [
        of[origin][1].texts.get(each.id, "") for each, origin in zip(pool.candidates, origins, strict=True)
    ]


def _places_first(ranked: Sequence[Ranked], of: Parts) -> list[Ranked]:
    """A trace belongs to the repository where most of its places are found."""
    most = max(len(each.places) for _, each in of)
    best = max((each.score for each in ranked), default=0.0)
    first = [
        Ranked(place.candidate, top, {PLACE: top}, line=place.line, origin=origin)
        for origin, (_, each) in enumerate(of)
        if len(each.places) == most
        for number, place in enumerate(each.places)
        for top in (best + PLACE_STEP * (most - number),)
    ]
    first.sort(key=lambda each: -each.score)
    known = {(each.origin, each.candidate.id) for each in first}
    return first + [each for each in ranked if (each.origin, each.candidate.id) not in known]


def _off(step: str, taken: float) -> dict[str, float]:
    return {step: -taken} if taken else {}


def _of_mode(weights: Weights, mode: str) -> Weights:
    """A mode other than hybrid ranks by its own evidence."""
    if mode == "lexical":
        return {name: weight for name, weight in weights.items() if name not in SEMANTIC_FEATURES}
    if mode == "semantic":
        return {"cosine": 1.0, DEEP: DEEP_ALONE}
    return weights
