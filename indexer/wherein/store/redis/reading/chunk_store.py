"""The part of `RedisStore` that reads chunks: candidates, by name, by place; and all of it from one state."""

import threading
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from wherein.store.name_book import NameBook
from wherein.store.protocol import Candidate, Embeddings, FileChunks, Filters, Header, Retrieval, Retrieved
from wherein.store.redis.chunks.name_book import Book
from wherein.store.redis.connection.address import Target
from wherein.store.redis.open_generation import SWITCHES, OpenGeneration
from wherein.store.redis.reading import by_place
from wherein.store.redis.reading.by_name import definitions
from wherein.store.redis.reading.retrieve import retrieve
from wherein.store.redis.session import Session

T = TypeVar("T")


class OneState(threading.local):
    """What a thread has read so far of all that it reads `at_once`."""

    depth = 0
    book: Book | None = None

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *exc: object) -> None:
        self.depth -= 1
        if not self.depth:
            self.book = None


class RedisChunks:
    """Implements these parts of `Store`."""

    _index: OpenGeneration
    _header: Header
    _target: Target
    _one_state: OneState
    _texts_gone = 0
    """how often a text was asked for that had been collected"""

    def at_once(self, read: Callable[[], T]) -> T:
        """See `Store`. Versions never change and are named by their content: a state is another one where another
        generation counts, or where a text that was found is gone."""
        with self._one_state:
            for _ in range(SWITCHES):
                before = self._index.session, self._texts_gone
                answer = read()
                if before == (self._index.session, self._texts_gone):
                    break
                self._one_state.book = None
        return answer

    def retrieve(self, request: Retrieval) -> Retrieved:
        """See `Store`."""
        width = self._header.dimension
        if request.embedding is not None and request.embedding.shape != (width,):
            raise ValueError(
                f"an embedding of shape {request.embedding.shape} where the index has ({width},)"
            )
        far = not self._target.socket
        return self._index.read(lambda session: retrieve(session, request, measured=far))

    def texts(self, ids: Sequence[int | str]) -> list[str]:
        """See `Store`. An id that has been collected has no text."""
        found = self._index.read(lambda session: by_place.texts(session, ids))
        self._texts_gone += None in found
        return [text or "" for text in found]

    def chunk_at(self, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
        """See `Store`."""
        return self._index.read(lambda session: by_place.chunk_at(session, view, path, line))

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        """See `Store`. One round trip, two with `longer`."""

        def ask(session: Session) -> list[list[Candidate]]:
            found = definitions(session, view, names, filters, limit, longer=longer)
            if longer and self._one_state.depth:
                self._one_state.book = session.names.known
            return found

        return self._index.read(ask)

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """See `Store`."""
        return self._index.read(lambda session: by_place.first_chunks(session, view, filters, limit))

    def name_book(self) -> NameBook:
        """See `Store`."""
        if (read := self._one_state.book) is not None:
            return read.names
        return self._index.read(lambda session: session.names.read().names)

    def chunks_of(self, view: str, paths: Collection[str]) -> dict[str, list[Candidate]]:
        """See `Store`. One round trip."""
        return self._index.read(lambda session: by_place.chunks_of(session, view, paths))

    def files_of(self, view: str, paths: Collection[str]) -> dict[str, FileChunks]:
        """See `Store`. One round trip."""
        return self._index.read(lambda session: by_place.files_of(session, view, paths))
