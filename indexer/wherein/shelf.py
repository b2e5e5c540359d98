"""The repositories of a store, kept open for repeated questions from several threads."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Unpack

from wherein.config.settings import Settings
from wherein.errors import IndexMissing, NotFound, WhereinError
from wherein.everywhere import Everywhere, search_everywhere
from wherein.index import Index
from wherein.measured.recording import unnoted
from wherein.opening import Stored, stored
from wherein.search_options import SearchOptions
from wherein.store.open import in_redis
from wherein.store.protocol import ViewRecord
from wherein.store.sqlite.location import Listed

MOST_KEPT = 400
"""Index files that stay open: each takes three file descriptors, and what is kept of it some 6 MB at 3,000 chunks. A
hundred of them answer in 45 ms; opening them first takes 900."""

WARMING = (
    *(
        "open file",
        "create a new object from options",
        "handle an error and log it",
        "get the name of a type",
    ),
    *("list of items in a map", "run a command in a process", "send a request to the server"),
    *("test that a value is equal", "write the output to a string", "update the state of a node"),
    *("load the default settings", "convert a number to text"),
)
"""Searched before anybody asks, so that what is read of common files is in memory. Over 83 repositories this takes 1.6
s of processor time; afterwards a question with new words takes 65 ms on average, after the first of these alone 99."""

_log = logging.getLogger(__name__)


class Shelf:
    """Never indexes or changes anything. `look` notices what was added or removed since."""

    def __init__(self, settings: Settings, most_kept: int = MOST_KEPT) -> None:
        self.settings = settings
        self._most_kept = most_kept
        self._remote = in_redis(settings.store)
        self._listed = Listed()
        self._lock = threading.Lock()
        self._indexes: dict[str, Index] = {}
        self._kept: frozenset[int] = frozenset()
        self._dropped: list[Index] = []
        self._records: dict[str, ViewRecord] = {}
        self.folders: dict[str, Path] = {}
        """repository → where it is on this machine, in a store of this machine"""
        self.disputed: list[str] = []
        """repositories that are left out: each claims the name of another one"""

    def look(self) -> None:
        """List what the store holds now, and open what is new. Raises WhereinError if the store cannot be asked; what
        is known is kept."""
        self._listed.opened = {name: index._store for name, index in self._indexes.items() if index._store}
        there = stored(self.settings, listed=self._listed)
        with self._lock:
            for index in self._dropped:  # whoever still asked one at the last look is done
                index.close()
            found: dict[str, Index] = {}
            records: dict[str, ViewRecord] = {}
            folders: dict[str, Path] = {}
            for fresh in there.indexes:
                if fresh._seen_in is not None and not self._remote:
                    folders[fresh.repository] = fresh._seen_in
                fresh._seen_in = None  # a path is a name in the index here, and no disk is looked at
                if self._remote:
                    with suppress(WhereinError):
                        records[fresh.repository] = fresh.record()  # read with all others
                old = self._indexes.get(fresh.repository)
                if old is not None and old.view == fresh.view:
                    fresh.close()
                    found[fresh.repository] = old
                else:
                    found[fresh.repository] = self._apart(fresh)
            self._dropped = [each for each in self._indexes.values() if each not in found.values()]
            self._kept = frozenset(id(index) for index in list(found.values())[: self._most_kept])
            self.disputed = there.disputed
            for index in () if self._remote else found.values():
                if self._keeps(index):  # before others can: no file is opened twice
                    with suppress(WhereinError):
                        index.is_indexed()
            self._indexes, self._records, self.folders = found, records, folders

    def warm(self, ends: Callable[[], bool] = lambda: False) -> None:
        """Read what first searches read, of each index that is kept open, until `ends` returns True."""
        for words in WARMING:
            if ends():
                return
            with suppress(WhereinError), unnoted():
                self.search(words, self.names())

    def names(self) -> list[str]:
        """The identities of all repositories."""
        return list(self._indexes)

    def index(self, repository: str) -> Index:
        """A repository's index, at its most recently updated view; the caller must not close it. Raises NotFound."""
        found = self._indexes.get(repository)
        if found is None:
            raise NotFound(f"There is no repository {repository!r} here.")
        return found

    def record(self, repository: str) -> ViewRecord:
        """The store's record of a repository's view; for a server, as of the last look. Raises NotFound,
        IndexMissing."""
        known = self._records.get(repository)
        return known if known is not None else self.index(repository).record()

    def search(
        self,
        query: str,
        repositories: Collection[str],
        *,
        say: Callable[[str], object] = lambda sentence: None,
        **asked: Unpack[SearchOptions],
    ) -> Everywhere:
        """The best hits of these repositories. Raises ConfigError; IndexMissing if none of them is there."""
        wanted = set(repositories)
        with self._asked(query, wanted) as indexes:
            if not indexes:
                raise IndexMissing("No repository is indexed yet.", remedy="wherein index")
            return search_everywhere(
                indexes, query, settings=self.settings, say=say, keep=self._keeps, **asked
            )

    def close(self) -> None:
        """Close all indexes."""
        with self._lock:
            for index in (*self._indexes.values(), *self._dropped):
                index.close()
            self._indexes, self._dropped = {}, []

    @contextmanager
    def _asked(self, query: str, wanted: Collection[str]) -> Iterator[list[Index]]:
        if not self._remote:
            yield [index for name, index in self._indexes.items() if name in wanted]
            return
        from wherein.search.query import terms_of

        there: Stored = stored(self.settings, terms_of(query))
        try:
            yield [index for index in there.indexes if index.repository in wanted]
        finally:
            for index in there.indexes:
                index.close()

    def _keeps(self, index: Index) -> bool:
        return id(index) in self._kept

    def _apart(self, index: Index) -> Index:
        """In a shared store, an index with its own connection: what was read together with others is not read again."""
        if not self._remote:
            return index
        apart = Index(self.settings, self.settings.store, index.repository, index.view, None)
        index.close()
        return apart
