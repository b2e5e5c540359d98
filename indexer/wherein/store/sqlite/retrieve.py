"""One round trip: lexical, semantic and name candidates of a view."""

import sqlite3
from collections.abc import Callable

import numpy as np

from wherein.store.protocol import Retrieval, Retrieved
from wherein.store.sqlite import candidates
from wherein.store.sqlite.candidates import first_by_place
from wherein.store.sqlite.deep_retrieve import DeepRetrieval
from wherein.store.sqlite.definitions import named
from wherein.store.sqlite.lexical import best_matches, document_frequencies
from wherein.store.sqlite.memory import Allowed, Memory
from wherein.store.sqlite.second_thread import OnSecondThread
from wherein.store.sqlite.vectors import Scan

SCANNED_BESIDE = 20_000
"""From this many vectors on, a second thread scans them while SQLite scores terms: scanning fewer takes no longer than
handing them over."""


def retrieve(db: sqlite3.Connection, memory: Memory, dimension: int, request: Retrieval) -> Retrieved:
    """What `Store.retrieve` answers, from one snapshot."""
    frequencies = document_frequencies(db, request.terms, memory)
    allowed = memory.allowed(db, request.view, request.filters)
    if allowed is None or request.limit <= 0:
        return Retrieved([], frequencies, memory.chunks)
    scanned = _scanned(db, memory, dimension, request, allowed)
    least = request.limit if request.embedding is None else 1  # vectors find enough beside them
    lexical = best_matches(db, memory, frequencies, allowed, request.limit, least=least)
    by_name = named(db, memory, request.names, allowed, request.limit)
    found = lexical.keys() | by_name
    cosines: dict[int, float] = {}
    if scanned is not None:
        scan, nearest, equal = scanned()
        found.update(nearest)
        found.update(first_by_place(db, equal, request.limit - len(nearest)))
        ids = np.fromiter(found, dtype=np.int64, count=len(found))
        cosines = dict(zip(ids.tolist(), scan.of(ids).tolist(), strict=True))
    deep = DeepRetrieval(db, memory, request, allowed)
    more = deep.found(db) - found
    if scanned is not None and more:
        ids = np.fromiter(more, dtype=np.int64, count=len(more))
        cosines |= dict(zip(ids.tolist(), scan.of(ids).tolist(), strict=True))
    found.update(more)
    result = candidates.by_id(db, memory, found, lexical=lexical, semantic=cosines, named=by_name)
    deep.tell(result, memory)
    return Retrieved(result, frequencies, memory.chunks)


def _scanned(
    db: sqlite3.Connection, memory: Memory, dimension: int, request: Retrieval, allowed: Allowed
) -> Callable[[], tuple[Scan, list[int], list[int]]] | None:
    """A function that returns what a scan of the vectors finds; None without a direction to look in. If the scan takes
    long enough, it runs meanwhile, beside what the caller does."""
    query = request.embedding
    if query is None:
        return None
    vectors = memory.vectors(db, dimension)  # for the next query, where this one has no direction
    if not query.any():
        return None
    direction = query
    rows = allowed.rows(vectors)

    def scan() -> tuple[Scan, list[int], list[int]]:
        done = Scan(vectors, direction, rows)
        return done, *done.nearest(request.limit)

    if request.terms and len(vectors.ids if rows is None else rows) >= SCANNED_BESIDE:
        return OnSecondThread(scan).result
    return scan
