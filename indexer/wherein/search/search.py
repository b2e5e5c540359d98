"""The recipe of a search: parse, retrieve, rank, vary, fetch."""

from collections.abc import Mapping
from typing import Literal

from wherein.embedding.embedder import Embedder
from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.search.present import Asked, Ranked, present
from wherein.search.query import Query, parse
from wherein.search.rank.only_word import ONLY_WORD, lacking
from wherein.search.rank.pool import make_pool
from wherein.search.rank.score import (
    SEMANTIC_FEATURES,
    Weights,
    answering,
    compute_features,
    default_weights,
    parts,
    score,
)
from wherein.search.rank.steps import adjusted, adjusted_synonyms
from wherein.search.symbols import symbols
from wherein.search.variety import SAME_FILE, best_first, tax
from wherein.store.protocol import Filters, Retrieval, Store

Mode = Literal["hybrid", "semantic", "lexical", "symbol"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "lexical", "symbol")

CANDIDATES = 120
"""Asked of each retriever. 200 took a fifth longer; held out, .865 and .715 (files, functions) for .866 and .711."""

MOST_HITS = 1000


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
) -> list[Hit]:
    """The best hits for a query. ConfigError for a query, limit or mode that cannot be used.

    `adjust` multiplies the weights of ranking steps, or of single features, by name.
    """
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    if mode not in MODES:
        raise ConfigError(f"There is no search mode {mode!r}; the modes are {', '.join(MODES)}.")
    limit = min(limit, MOST_HITS)
    query = adjusted_synonyms(parse(text, filters), adjust or {})
    if mode == "symbol":
        return symbols(store, view, query.text, repository=repository, limit=limit, filters=query.filters)
    request = retrieval(query, view, embedder, mode, limit)
    return store.at_once(
        lambda: _answer(store, query, request, mode, adjust or {}, repository=repository, limit=limit)
    )


def _answer(
    store: Store,
    query: Query,
    request: Retrieval,
    mode: Mode,
    adjust: Mapping[str, float],
    *,
    repository: str,
    limit: int,
) -> list[Hit]:
    """Retrieve, rank, vary, fetch."""
    retrieved = store.retrieve(request)
    if not retrieved.candidates:
        return []
    pool = make_pool(query, retrieved)
    features = compute_features(pool)
    weights = adjusted(_of_mode(default_weights(query.intent), mode), adjust)
    scores = score(features, weights)
    taken = tax(pool.files, scores, weights.get(SAME_FILE, 0.0))
    behind = lacking(pool, features, scores - taken) * weights.get(ONLY_WORD, 0.0)
    answers = answering(features)
    ranked = (
        Ranked(
            pool.candidates[i],
            scores.item(i) - taken.item(i) - behind.item(i),
            parts(features, weights, i) | _off(SAME_FILE, taken.item(i)) | _off(ONLY_WORD, behind.item(i)),
            pool.definitions[i],
        )
        for i in best_first(scores - taken - behind)
        if answers[i]
    )
    return present(
        store,
        ranked,
        repository=repository,
        limit=limit,
        view=request.view,
        phrases=query.phrases,
        asked=Asked(query.terms, query.names),
    )


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
