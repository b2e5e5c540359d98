"""One round trip: lexical, semantic and name candidates of a view."""

import sqlite3

import numpy as np

from wherein.store.protocol import Retrieval, Retrieved
from wherein.store.sqlite import candidates
from wherein.store.sqlite.definitions import named
from wherein.store.sqlite.lexical import best_matches, document_frequencies
from wherein.store.sqlite.memory import Memory


def retrieve(db: sqlite3.Connection, memory: Memory, dimension: int, request: Retrieval) -> Retrieved:
    """What `Store.retrieve` answers, from one snapshot.

    Raises ValueError for an embedding of another dimension.
    """
    frequencies = document_frequencies(db, request.terms, memory)
    allowed = memory.allowed(db, request.view, request.filters)
    if allowed is None or request.limit <= 0:
        return Retrieved([], frequencies, memory.chunks)
    lexical = best_matches(db, memory, frequencies, allowed, request.limit)
    by_name = named(db, request.names, allowed, request.limit)
    found = lexical.keys() | by_name

    query = request.embedding
    if query is not None and query.shape != (dimension,):
        raise ValueError(f"an embedding of shape {query.shape} where the index has ({dimension},)")
    semantic = query is not None and bool(query.any())
    if query is not None and semantic:
        vectors = memory.vectors(db, dimension)
        nearest = vectors.nearest(query, request.limit, allowed.rows(vectors))
        found |= set(vectors.ids[nearest].tolist())

    result = candidates.by_id(db, memory.versions, found)
    if query is not None and semantic and result:
        ids = np.array([candidate.id for candidate in result], dtype=np.int64)
        rows = vectors.positions(ids)
        cosines = np.zeros(len(rows), dtype=np.float32)
        cosines[rows >= 0] = vectors.cosines(query, rows[rows >= 0])
        for candidate, cosine in zip(result, cosines.tolist(), strict=True):
            candidate.semantic = cosine
    for candidate in result:
        chunk: int = candidate.id  # type: ignore[assignment] # this store's are numbers
        if (score := lexical.get(chunk)) is not None:
            candidate.lexical = score
        if chunk in by_name:
            candidate.named = True
    return Retrieved(result, frequencies, memory.chunks)
