"""What the deep tier adds to a retrieval: candidates that are near by it, and the cosine of each."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wherein.store.int8 import best
from wherein.store.protocol import Candidate, Retrieval
from wherein.store.redis import chunk, deep, deep_reader
from wherein.store.redis.client import Pipeline, Reply
from wherein.store.redis.deep_rows import DeepRows
from wherein.store.redis.lookup import lets_through
from wherein.store.redis.query import Found
from wherein.store.redis.scope import Scope
from wherein.store.redis.session import Session

FILTERED = 8
"""Times as many are looked at where a filter asks for languages or kinds, which only a chunk's own record tells."""


def asking(session: Session, request: Retrieval) -> Callable[[Pipeline], object] | None:
    """What adds the questions about the deep tier to those of the retrieval."""
    if request.deep is None or not request.deep.embedding.any():
        return None
    tag = deep.tag_of(request.deep.model)
    rows = deep_reader.held(session, tag)
    return lambda pipe: deep_reader.ask(pipe, session.keys, tag, rows)


def join(
    session: Session,
    told: Sequence[Reply],
    request: Retrieval,
    scope: Scope,
    joined: dict[bytes, Candidate],
    vector: bytes | None,
) -> None:
    """Add the nearest by the deep tier to what was found, with their cosines with `vector` of the first tier; and to
    each its own by the deep tier."""
    if not told or request.deep is None:
        return
    rows = deep_reader.followed(session, deep.tag_of(request.deep.model), told)
    if rows is None or not len(rows.vectors) or request.deep.embedding.shape != (rows.dimension,):
        return
    cosines = rows.scan(request.deep.embedding)
    places = rows.places_of(scope.contents, scope.allowed, scope.path)
    places = places[np.isfinite(cosines[places])]
    filters = request.filters
    limit = request.limit
    looked = limit * FILTERED if filters.languages or filters.kinds else limit
    nearest = _nearest(rows, cosines, places, looked, scope)
    fresh = _fetched(session, [key for key in nearest if key not in joined], scope, vector)
    kept = [key for key in nearest if key in joined or (key in fresh and lets_through(filters, fresh[key]))]
    new = [key for key in kept[:limit] if key in fresh]
    joined |= {key: fresh[key] for key in new}
    for key, candidate in joined.items():
        candidate.deep = rows.of(cosines, key)


def _nearest(
    rows: DeepRows, cosines: NDArray[np.float32], places: NDArray[np.int64], limit: int, scope: Scope
) -> list[bytes]:
    """The keys of the `limit` nearest chunks, nearest first; of equal ones, the first by path and line."""
    above, equal = best(cosines[places], limit)
    found = [(rows.key(place), cosines[place].item()) for place in places[[*above, *equal]].tolist()]

    def order(one: tuple[bytes, float]) -> tuple[float, str, int]:
        key = Found(one[0])
        return -one[1], scope.path(key.version) or "", key.row

    return [key for key, _ in sorted(found, key=order)[:limit]]


def _fetched(
    session: Session, keys: Sequence[bytes], scope: Scope, vector: bytes | None
) -> dict[bytes, Candidate]:
    """Chunks that no other question found, by their keys; without those that are gone. One round trip."""
    if not keys:
        return {}
    prefix = session.keys.chunks.encode()

    def ask(pipe: Pipeline) -> None:
        for key in keys:
            pipe.hget(prefix + key, chunk.PAYLOAD)
        if vector is not None:
            session.ask_cosines(pipe, keys, vector)

    answers = session.run(ask)
    near = session.cosines(answers.pop()) if vector is not None else {}
    found = {
        key: scope.candidate(session.id(key), Found(key), payload)
        for key, payload in zip(keys, answers, strict=True)
        if payload is not None
    }
    for key, candidate in found.items():
        candidate.semantic = near.get(key, 0.0)
    return found
