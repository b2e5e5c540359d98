"""What the deep tier adds to a retrieval: candidates by each model and by descriptions, and what each candidate has."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from wherein.store.description import DESCRIBED
from wherein.store.protocol import Candidate, Retrieval
from wherein.store.sqlite.candidates import first_by_place
from wherein.store.sqlite.deep_table import DeepScan
from wherein.store.sqlite.memory import Allowed, Memory


class DeepRetrieval:
    """One request's use of it."""

    def __init__(self, db: sqlite3.Connection, memory: Memory, request: Retrieval, allowed: Allowed) -> None:
        self._limit = request.limit
        self._scans: list[DeepScan | None] = []
        for asked in request.deep:
            table = memory.deep(db, asked.model) if asked.embedding.any() else None
            self._scans.append(None if table is None else table.scan(asked.embedding, allowed.mask))
        self._described = memory.deep(db, DESCRIBED) if request.described else None
        self._matched = (
            self._described.matched(request.terms, allowed.mask) if self._described is not None else None
        )

    def found(self, db: sqlite3.Connection) -> set[int]:
        """The best chunks by each."""
        found: set[int] = set()
        for scan in (*self._scans, self._matched):
            if scan is not None:
                nearest, equal = scan.nearest(self._limit)
                found |= {*nearest, *first_by_place(db, equal, self._limit - len(nearest))}
        return found

    def tell(self, candidates: Sequence[Candidate], memory: Memory) -> None:
        """Each candidate what there is of it."""
        if not any(scan is not None for scan in self._scans) and self._described is None:
            return
        ids = np.fromiter(map(memory.inner, (each.id for each in candidates)), np.int64, len(candidates))
        measured = [scan.of(ids) if scan is not None else {} for scan in self._scans]
        rows = self._described.rows_of(ids) if self._described is not None else {}
        for each, id in zip(candidates, ids.tolist(), strict=True):
            each.deep = tuple(cosines.get(id) for cosines in measured)
            each.described = rows.get(id, b"")
