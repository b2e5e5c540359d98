"""A store in which only some chunks are found."""

from collections.abc import Iterable
from typing import Any

from wherein.store.protocol import Candidate, Store


class Restricted:
    """The store as it is but for what a subclass answers otherwise. Whatever is asked by its place is read as it
    stands: what is about to be shown is to be asked of `held`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the store
        return getattr(self._store, name)

    def keeps(self, candidate: Candidate) -> bool:
        """Whether a chunk is found."""
        raise NotImplementedError

    def _held(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        return [each for each in candidates if self.keeps(each)]


def is_found(store: Store, candidate: Candidate) -> bool:
    """Whether a store, restricted or not, lets a chunk be found."""
    restricted: object = store
    while isinstance(restricted, Restricted):
        if not restricted.keeps(candidate):
            return False
        restricted = restricted._store
    return True
