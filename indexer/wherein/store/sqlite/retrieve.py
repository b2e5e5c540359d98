"""One round trip: lexical, semantic and name candidates of a view."""

import sqlite3

import numpy as np

from wherein.store.protocol import Retrieval, Retrieved
from wherein.store.sqlite import candidates
from wherein.store.sqlite.candidates import first_by_place
from wherein.store.sqlite.definitions import named
from wherein.store.sqlite.lexical import best_matches, document_frequencies
from wherein.store.sqlite.memory import Memory
from wherein.store.sqlite.vectors import Scan


def retrieve(db: sqlite3.Connection, memory: Memory, dimension: int, request: Retrieval) -> Retrieved:
    """What `Store.retrieve` answers, from one snapshot.

    Raises ValueError for an embedding of another dimension.
    """
    frequencies = document_frequencies(db, request.terms, memory)
    allowed = memory.allowed(db, request.view, request.filters)
    if allowed is None or request.limit <= 0:
        return Retrieved([], frequencies, memory.chunks)
    lexical = best_matches(db, memory, frequencies, allowed, request.limit)
    by_name = named(db, memory, request.names, allowed, request.limit)
    found = lexical.keys() | by_name
    cosines: dict[int, float] = {}
    query = request.embedding
    if query is not None and query.shape != (dimension,):
        raise ValueError(f"an embedding of shape {query.shape} where the index has ({dimension},)")
    if query is not None and query.any():
        vectors = memory.vectors(db, dimension)
        scan = Scan(vectors, query, allowed.rows(vectors))
        nearest, equal = scan.nearest(request.limit)
        found.update(nearest)
        found.update(first_by_place(db, memory.versions, equal, request.limit - len(nearest)))
        ids = np.fromiter(found, dtype=np.int64, count=len(found))
        cosines = dict(zip(ids.tolist(), scan.of(ids).tolist(), strict=True))
    result = candidates.by_id(db, memory.versions, found, lexical=lexical, semantic=cosines, named=by_name)
    return Retrieved(result, frequencies, memory.chunks)

