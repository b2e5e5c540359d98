"""What the deep tier adds to a retrieval: candidates by each model and by descriptions, and what each candidate has."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

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
    read = [
        (rows, scores) if rows is not None and (scores := score(rows)) is not None else None
        for (id, score), answers in zip(_retrievers(request), told, strict=True)
        for rows in (reader.followed(session, on_server.tag_of(id), answers),)
    ]
    filters, limit = request.filters, request.limit
    looked = limit * FILTERED if filters.languages or filters.kinds else limit
    nearest = [_nearest(*each, looked, scope) for each in read if each is not None]
    wanted = dict.fromkeys(key for found in nearest for key in found if key not in joined)
    fresh = _fetched(session, list(wanted), scope, vector)
    new: set[bytes] = set()
    for found in nearest:
        kept = [key for key in found if key in joined or (key in fresh and lets_through(filters, fresh[key]))]
        new |= {key for key in kept[:limit] if key in fresh}
    joined |= {key: each for key, each in fresh.items() if key in new}
    described = read.pop() if request.described else None
    models = iter(read)
    asked = [next(models) if each.embedding.any() else None for each in request.deep]
    for key, candidate in joined.items():
        if any(each is not None for each in asked):
            candidate.deep = tuple(each and each[0].of(each[1], key) for each in asked)
        if described is not None:
            candidate.described = described[0].row_of(key)


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
