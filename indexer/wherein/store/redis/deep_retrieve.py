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
    limit: int,
) -> list[bytes]:
    """Add the nearest by the deep tier to what was found, and to each its cosine; the keys of those that are new."""
    if not told or request.deep is None:
        return []
    rows = deep_reader.followed(session, deep.tag_of(request.deep.model), told)
    if rows is None or not len(rows.vectors) or request.deep.embedding.shape != (rows.dimension,):
        return []
    cosines = rows.scan(request.deep.embedding)
    places = rows.places_of(scope.contents, scope.allowed, scope.path)
    places = places[np.isfinite(cosines[places])]
    filters = request.filters
    looked = limit * FILTERED if filters.languages or filters.kinds else limit
    nearest = _nearest(rows, cosines, places, looked, scope)
    fresh = _fetched(session, [key for key in nearest if key not in joined], scope)
    kept = [key for key in nearest if key in joined or (key in fresh and lets_through(filters, fresh[key]))]
    new = [key for key in kept[:limit] if key in fresh]
    joined |= {key: fresh[key] for key in new}
    for key, candidate in joined.items():
        candidate.deep = rows.of(cosines, key)
    return new


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


def _fetched(session: Session, keys: Sequence[bytes], scope: Scope) -> dict[bytes, Candidate]:
    """Chunks that no other question found, by their keys; without those that are gone."""
    if not keys:
        return {}
    prefix = session.keys.chunks.encode()
    payloads = session.run(lambda pipe: [pipe.hget(prefix + key, chunk.PAYLOAD) for key in keys])
    return {
        key: scope.candidate(session.id(key), Found(key), payload)
        for key, payload in zip(keys, payloads, strict=True)
        if payload is not None
    }
