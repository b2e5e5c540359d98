"""The recipe of a search: parse, retrieve, rank, vary, fetch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

import numpy as np

from wherein.embedding.embedder import Embedder
from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.search.pasted import PASTED, WORTH, shares
from wherein.search.phrases import met, with_phrases
from wherein.search.present import Asked, Ranked, present
from wherein.search.query import MOST_CHARACTERS, Query, parse
from wherein.search.rank.only_word import ONLY_WORD, lacking
from wherein.search.rank.pool import make_pool
from wherein.search.rank.score import (
    SEMANTIC_FEATURES,
    Weights,
    answering,
    any_word_known,
    compute_features,
    default_weights,
    parts,
    score,
)
from wherein.search.rank.steps import adjusted, adjusted_synonyms
from wherein.search.symbols import symbols
from wherein.search.trace_places import Place, places_of
from wherein.search.variety import SAME_FILE, best_first, tax
from wherein.store.protocol import Filters, Retrieval, Retrieved, Store

Mode = Literal["hybrid", "semantic", "lexical", "symbol"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "lexical", "symbol")

CANDIDATES = 120
"""Asked of each retriever. 200 took a fifth longer; held out, .865 and .715 (files, functions) for .866 and .711."""

MOST_HITS = 1000

LIKELY = 14
"""Texts beyond the limit that a store far away sends along with the last candidates' cosines, by which the order may
still change, and because copies are shown once."""

PLACE = "place"
"""The step of what stands at a place that the query names."""
PLACE_STEP = 0.1
"""Between the scores of one and the next."""

SAID_OF_PHRASE = 80
"""Characters."""


def search(
    store: Store,
    view: str,
    embedder: Embedder,
    text: str,
    *,
    repository: str,
    limit: int = 10,
    mode: Mode = "hybrid",
    filters: Filters = Filters(),
    adjust: Mapping[str, float] | None = None,
    say: Callable[[str], object] = lambda sentence: None,
) -> list[Hit]:
    """The best hits for a query. ConfigError for a query, limit or mode that cannot be used.

    `adjust` multiplies the weights of ranking steps, or of single features, by name. `say` is told, in sentences, where
    the query was not taken as it stands, and where nothing is close to it.
    """
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    if mode not in MODES:
        raise ConfigError(f"There is no search mode {mode!r}; the modes are {', '.join(MODES)}.")
    limit = min(limit, MOST_HITS)
    query = adjusted_synonyms(parse(text, filters), adjust or {})
    if len(text) > MOST_CHARACTERS:
        say(f"The query is long: only its first and last {MOST_CHARACTERS // 2:,} characters are read.")
    if query.lists:
        return _listed(store, view, query, repository=repository, limit=limit)
    if mode == "symbol":
        return symbols(store, view, query.text, repository=repository, limit=limit, filters=query.filters)
    request = retrieval(query, view, embedder, mode, limit)

    def likely(retrieved: Retrieved) -> list[int | str]:
        """Whose texts will be asked for."""
        if query.phrases or query.pasted:
            return [each.id for each in retrieved.candidates]
        first = _ranked(store, query, retrieved, mode, adjust or {}) if retrieved.candidates else iter(())
        return [each.candidate.id for each in islice(first, limit + LIKELY)]

    request = replace(request, likely=likely)
    said: list[str] = []

    def answer() -> list[Hit]:
        said.clear()  # it may be called again
        found = _answer(store, query, request, mode, adjust or {}, said, repository=repository, limit=limit)
        if not found and mode != "semantic" and store.view(view) is not None:
            said.append(_nothing(query))
        return found

    hits = store.at_once(answer)
    for sentence in said:
        say(sentence)
    return hits


def _nothing(query: Query) -> str:
    if query.filters:
        return "Nothing that the filters keep has to do with the query."
    return "Nothing here is close to the query: none of its words is in the index."


def _listed(store: Store, view: str, query: Query, *, repository: str, limit: int) -> list[Hit]:
    """What filters keep, by path and line. Scores tell the place only."""

    def read() -> list[Hit]:
        first = store.first_chunks(view, query.filters, limit)
        ranked = (Ranked(each, 1.0 / (1 + place)) for place, each in enumerate(first))
        return present(store, ranked, repository=repository, limit=limit, view=view, twins=True)

    return store.at_once(read)


def _answer(
    store: Store,
    query: Query,
    request: Retrieval,
    mode: Mode,
    adjust: Mapping[str, float],
    said: list[str],
    *,
    repository: str,
    limit: int,
) -> list[Hit]:
    """Retrieve, rank, vary, fetch. What there is to say of it goes to `said`."""
    ranked: Sequence[Ranked] | Iterator[Ranked] = ()
    retrieved = with_phrases(store, request, store.retrieve(request), query.phrases)
    if retrieved.candidates:
        ranked = _ranked(store, query, retrieved, mode, adjust)
    if query.frames:
        ranked = _places_first(list(ranked), places_of(store, request.view, query.frames, query.filters))
    phrases = query.phrases
    if phrases:
        ranked = list(ranked)
        phrases = met(phrases, store.texts([each.candidate.id for each in ranked]))
        said += [
            f'Nothing holds "{phrase[:SAID_OF_PHRASE]}" as it stands: its words were looked for.'
            for phrase in query.phrases
            if phrase not in phrases
        ]
    return present(
        store,
        ranked,
        repository=repository,
        limit=limit,
        view=request.view,
        phrases=phrases,
        asked=Asked(query.terms, query.names),
    )


def _ranked(
    store: Store, query: Query, retrieved: Retrieved, mode: Mode, adjust: Mapping[str, float]
) -> Iterator[Ranked]:
    """The candidates that have to do with the query, best first."""
    pool = make_pool(query, retrieved)
    features = compute_features(pool)
    if mode != "semantic" and not any_word_known(pool, features, retrieved.document_frequency):
        return
    weights = adjusted(_of_mode(default_weights(query.intent), mode), adjust)
    scores = score(features, weights)
    if query.pasted and mode != "semantic":
        texts = store.texts([each.id for each in pool.candidates])
        features[PASTED] = np.array(shares(query.pasted, texts), np.float32)
        weights = {**weights, PASTED: WORTH}
        scores = score(features, weights)
    taken = tax(pool.files, scores, weights.get(SAME_FILE, 0.0))
    behind = lacking(pool, features, scores - taken) * weights.get(ONLY_WORD, 0.0)
    answers = answering(features)
    for i in best_first(scores - taken - behind):
        if answers[i]:
            yield Ranked(
                pool.candidates[i],
                scores.item(i) - taken.item(i) - behind.item(i),
                parts(features, weights, i)
                | _off(SAME_FILE, taken.item(i))
                | _off(ONLY_WORD, behind.item(i)),
                pool.definitions[i],
            )


def _places_first(ranked: Sequence[Ranked], places: Sequence[Place]) -> list[Ranked]:
    """What stands at the places that the query names, then what it finds otherwise."""
    best = max((each.score for each in ranked), default=0.0)
    first = [
        Ranked(place.candidate, top, {PLACE: top}, line=place.line)
        for number, place in enumerate(places)
        for top in (best + PLACE_STEP * (len(places) - number),)
    ]
    known = {place.candidate.id for place in places}
    return first + [each for each in ranked if each.candidate.id not in known]


def retrieval(
    query: Query, view: str, embedder: Embedder, mode: Mode = "hybrid", limit: int = 10
) -> Retrieval:
    """What is asked of the store for a query. Synonyms only where no vectors find what is said in other words: beside
    them they find nothing more (of the answers to function questions .950 with, .954 without) and cost 60 % more."""
    terms = query.terms
    if mode == "lexical":
        terms = tuple(dict.fromkeys((*terms, *(synonym.term for synonym in query.synonyms))))
    return Retrieval(
        view=view,
        terms=terms,
        embedding=None if mode == "lexical" else embedder.embed([query.words])[0],
        names=() if mode == "semantic" else tuple(dict.fromkeys((*query.names, *query.last_names))),
        filters=query.filters,
        limit=max(CANDIDATES, 2 * limit),
    )


def _off(step: str, taken: float) -> dict[str, float]:
    return {step: -taken} if taken else {}


def _of_mode(weights: Weights, mode: Mode) -> Weights:
    """A mode other than hybrid ranks by its own evidence."""
    if mode == "lexical":
        return {name: weight for name, weight in weights.items() if name not in SEMANTIC_FEATURES}
    if mode == "semantic":
        return {"cosine": 1.0}
    return weights
