"""A store in which only some chunks are found: a restriction of the search, applied before any limit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import cast

from wherein.search.restricted import Restricted
from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Embeddings, Filters, Retrieval, Retrieved, Store

MOST_CANDIDATES = 5000
"""Of one retrieval among the files of these chunks: where they have fewer, none can be missed."""

_PLAIN = str.maketrans({character: f"\\{character}" for character in "\\*?["})
"""For characters that mean something in a pattern."""


def within(store: Store, chunks: Mapping[str, Collection[int]]) -> Store:
    """The store as if nothing but these chunks were to be found: path → their first lines."""
    return cast(Store, _Within(store, chunks))


class _Within(Restricted):
    def __init__(self, store: Store, chunks: Mapping[str, Collection[int]]) -> None:
        super().__init__(store)
        self._chunks = chunks

    def keeps(self, candidate: Candidate) -> bool:
        return candidate.start_line in self._chunks.get(candidate.path, ())

    def retrieve(self, request: Retrieval) -> Retrieved:
        filters = self._filters(request.filters)
        if filters is None:
            return Retrieved([], {}, 0)
        limit = max(request.limit, MOST_CANDIDATES)
        found = self._store.retrieve(replace(request, filters=filters, limit=limit))
        return replace(found, candidates=self._held(found.candidates))

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        kept = self._filters(filters)
        return self._held(self._store.first_chunks(view, kept, MOST_CANDIDATES))[:limit] if kept else []

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        kept = self._filters(filters)
        if kept is None:
            return [[] for _ in names]
        found = self._store.definitions(view, names, kept, MOST_CANDIDATES, longer=longer)
        return [self._held(each)[:limit] for each in found]

    def chunk_at(self, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
        found = self._store.chunk_at(view, path, line)
        return found if found is not None and self.keeps(found[0]) else None

    def _filters(self, asked: Filters) -> Filters | None:
        """Those of the query, and these files; None if nothing is left."""
        matches = path_filter(asked)
        paths = [path for path in self._chunks if matches is None or matches(path)]
        return (
            replace(asked, paths=tuple(f"/{_escaped(path)}" for path in paths), exclude=(), scopes=())
            if paths
            else None
        )


def _escaped(path: str) -> str:
    escaped = path.translate(_PLAIN)
    return escaped[:-1] + "\\ " if escaped.endswith(" ") else escaped
