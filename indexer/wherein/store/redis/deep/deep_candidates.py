"""What the deep tier adds to a retrieval: candidates by each model and by descriptions, and what each candidate has."""

from collections.abc import Callable, Container, Sequence
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from wherein.quick_dataclass import dataclass
from wherein.store.deep import DeepQuestion
from wherein.store.description import DESCRIBED
from wherein.store.int8 import best
from wherein.store.protocol import Candidate, Retrieval
from wherein.store.redis.chunks import chunk
from wherein.store.redis.connection.redis_py import Pipeline, Reply
from wherein.store.redis.deep import on_server, reader
from wherein.store.redis.deep.local_copy import DeepRows
from wherein.store.redis.reading import cosines
from wherein.store.redis.reading.by_place import lets_through
from wherein.store.redis.reading.query import Found
from wherein.store.redis.reading.scope import Scope
from wherein.store.redis.session import Session

FILTERED = 8
"""This many times more are looked at if a filter asks for languages or kinds, which only the chunk itself tells."""


def asking(session: Session, request: Retrieval) -> list[Callable[[Pipeline], object]]:
    """Functions that add the questions about the deep tier to those of the retrieval, one for each model."""

    def one(tag: str) -> Callable[[Pipeline], object]:
        rows = reader.held(session, tag)
        return lambda pipe: reader.ask(pipe, session.keys, tag, rows)

    return [one(on_server.tag_of(id)) for id, _ in _retrievers(request)]


@dataclass(frozen=True, slots=True)
class _Scored:
    """The rows of a model, with how well each fits the question."""

    rows: DeepRows
    scores: NDArray[np.float32]


def join(
    session: Session,
    told: Sequence[Sequence[Reply]],
    request: Retrieval,
    scope: Scope,
    joined: dict[bytes, Candidate],
    vector: bytes | None,
) -> None:
    """Add the best chunks by each model of the deep tier to what was found, with their cosines to the first tier's
    `vector`; and to each candidate what the deep tier knows about it."""
    scored = [
        _scored(reader.followed(session, on_server.tag_of(id), answers), score)
        for (id, score), answers in zip(_retrievers(request), told, strict=True)
    ]
    joined |= _added(session, [each for each in scored if each is not None], request, scope, joined, vector)
    described = scored.pop() if request.described else None
    asked = iter(scored)
    models = [next(asked) if each.embedding.any() else None for each in request.deep]
    for key, candidate in joined.items():
        if any(models):
            candidate.deep = tuple(
                None if each is None else each.rows.of(each.scores, key) for each in models
            )
        if described is not None:
            candidate.described = described.rows.row_of(key)


def _scored(rows: DeepRows | None, score: Callable[[DeepRows], NDArray[np.float32] | None]) -> _Scored | None:
    if rows is None or (scores := score(rows)) is None:
        return None
    return _Scored(rows, scores)


def _added(
    session: Session,
    scored: Sequence[_Scored],
    request: Retrieval,
    scope: Scope,
    joined: Container[bytes],
    vector: bytes | None,
) -> dict[bytes, Candidate]:
    """Of the best `limit` chunks by each model, those that are not `joined` yet."""
    filters, limit = request.filters, request.limit
    looked = limit * FILTERED if filters.languages or filters.kinds else limit
    nearest = [_nearest(each.rows, each.scores, looked, scope) for each in scored]
    wanted = dict.fromkeys(key for found in nearest for key in found if key not in joined)
    fresh = _fetched(session, list(wanted), scope, vector)
    fits = {key for key, candidate in fresh.items() if lets_through(filters, candidate)}
    best_of_each = ([key for key in found if key in joined or key in fits][:limit] for found in nearest)
    new = fits.intersection(chain.from_iterable(best_of_each))
    return {key: candidate for key, candidate in fresh.items() if key in new}


def _retrievers(
    request: Retrieval,
) -> list[tuple[str, Callable[[DeepRows], NDArray[np.float32] | None]]]:
    """The models that are asked, each with the function that scores its rows (None if they cannot be compared); the
    descriptions come last."""
    found: list[tuple[str, Callable[[DeepRows], NDArray[np.float32] | None]]] = [
        (each.model, partial(_cosines, each)) for each in request.deep if each.embedding.any()
    ]
    return [*found, (DESCRIBED, lambda rows: rows.matched(request.terms))] if request.described else found


def _cosines(asked: DeepQuestion, rows: DeepRows) -> NDArray[np.float32] | None:
    fits = len(rows.vectors) > 0 and asked.embedding.shape == (rows.dimension,)
    return rows.scan(asked.embedding) if fits else None


def _nearest(rows: DeepRows, scores: NDArray[np.float32], limit: int, scope: Scope) -> list[bytes]:
    """The keys of the `limit` nearest chunks, nearest first; of equal ones, the first by path and line."""
    places = rows.places_of(scope.contents, scope.allowed, scope.path)
    places = places[np.isfinite(scores[places])]
    above, equal = best(scores[places], limit)
    found = [(rows.key(place), scores[place].item()) for place in places[[*above, *equal]].tolist()]

    def order(one: tuple[bytes, float]) -> tuple[float, str, int]:
        key = Found(one[0])
        return -one[1], scope.path(key.version) or "", key.row

    return [key for key, _ in sorted(found, key=order)[:limit]]


def _fetched(
    session: Session, keys: Sequence[bytes], scope: Scope, vector: bytes | None
) -> dict[bytes, Candidate]:
    """Chunks that no other question found, by key; chunks that are gone are left out. One round trip."""
    if not keys:
        return {}
    prefix = session.keys.chunks.encode()

    def ask(pipe: Pipeline) -> None:
        for key in keys:
            pipe.hget(prefix + key, chunk.PAYLOAD)
        if vector is not None:
            cosines.ask(pipe, session, keys, vector)

    answers = session.run(ask)
    near = cosines.told(session, answers.pop()) if vector is not None else {}
    found = {
        key: scope.candidate(session.id(key), Found(key), payload)
        for key, payload in zip(keys, answers, strict=True)
        if payload is not None
    }
    for key, candidate in found.items():
        candidate.semantic = near.get(key, 0.0)
    return found
