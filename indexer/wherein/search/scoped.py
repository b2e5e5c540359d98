"""A store in which only code, or only tests, are found. Paths decide most of it, and stores filter by them; some tests
are beside what they test."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from wherein.scopes import chunk_in
from wherein.search.restricted import Restricted
from wherein.store.protocol import Candidate, Filters, Retrieval, Retrieved, Store

MOST_CANDIDATES = 5000
"""Asked of one retriever, where most of fewer are not what is kept to."""

MORE = 6
"""Times as many are asked for, where less than half of what was asked for is left."""


def scoped(store: Store, filters: Filters) -> Store:
    """The store as if nothing but what is in the filters' scopes were to be found."""
    return cast(Store, _Scoped(store, filters.scopes)) if filters.scopes else store


class _Scoped(Restricted):
    def __init__(self, store: Store, scopes: tuple[str, ...]) -> None:
        super().__init__(store)
        self._scopes = scopes

    def keeps(self, candidate: Candidate) -> bool:
        return chunk_in(candidate.path, candidate.qualified_name, self._scopes)

    def retrieve(self, request: Retrieval) -> Retrieved:
        limit = request.limit
        while True:
            found = self._store.retrieve(replace(request, limit=limit))
            kept = self._held(found.candidates)
            if len(kept) * 2 >= min(request.limit, len(found.candidates)) or limit >= MOST_CANDIDATES:
                return replace(found, candidates=kept)
            limit = min(limit * MORE, MOST_CANDIDATES)

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        found = self._held(self._store.first_chunks(view, filters, limit))
        if len(found) < limit:
            found = self._held(self._store.first_chunks(view, filters, max(limit * MORE, MOST_CANDIDATES)))
        return found[:limit]

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        found = self._store.definitions(view, names, filters, limit * MORE, longer=longer)
        return [self._held(each)[:limit] for each in found]
