"""The Redis store: chunks are hashes, each generation has a search index over them, and views are data of their own.

Modules that only write or keep house are loaded by the methods that need them: a search loads a quarter fewer.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Self

from wherein.errors import StoreForbids
from wherein.store.protocol import (
    Collected,
    Counts,
    FileVersion,
    Header,
    Inventory,
    ViewRecord,
)
from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.damage.unreadable import UnreadableNote
from wherein.store.redis.deep.deep_store import RedisDeep
from wherein.store.redis.locks.update_lease import Lease
from wherein.store.redis.open_generation import OpenGeneration
from wherein.store.redis.opening import OpenRequest
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.reading.chunk_store import OneState, RedisChunks
from wherein.store.redis.session import Session
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import to_bytes, version_id
from wherein.store.redis.views.from_clone import OwnFiles
from wherein.store.redis.views.owner import owner, owner_of
from wherein.store.redis.views.record import Seen, unpack_record

if TYPE_CHECKING:
    from wherein.store.redis.quota.guard import Guard
    from wherein.store.redis.repositories.survey import Survey


class RedisStore(RedisDeep, RedisChunks):
    """Implements `Store`. May be used from several threads.

    With `replace` another generation is built beside the old one, and takes over with the first complete view. If it
    is closed before that, it replaces only one that cannot be used, else it is deleted.
    """

    def __init__(
        self,
        url: str,
        repository: str,
        header: Header,
        *,
        write: bool,
        replace: bool = False,
        view: str | None = None,
        lease: Lease | None = None,
        survey: "Survey | None" = None,
        beside: bool = False,
        unreadable: UnreadableNote | None = None,
        tree_files: TreeFiles | None = None,
        before: "RedisStore | None" = None,
    ) -> None:
        """`view` is the one that will be asked for first: it is read with the opening. `beside`: make an index for this
        version even if only other versions have one. With a `survey`, for reading, what that has read is not asked
        again, and questions are sent with those about other repositories. `unreadable` notes that something could not
        be read, `tree_files` keeps trees. What the store `before`, which is closed, knows is used."""
        self._url = url
        self._target = parse(url)
        self.url = self._target.shown
        self._repository = repository
        self._header = header
        self._lease = lease
        self._one_state = OneState()
        request = OpenRequest(self._target, repository, header, write, beside, lease, unreadable, tree_files)
        session = before._index.session if before is not None else None
        self._index: OpenGeneration = OpenGeneration(
            request, view, replace=replace, survey=survey, before=session
        )

    @property
    def shared(self) -> bool:
        """See `Store`."""
        return True

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        self._index.close()

    def _opened_to_write(self) -> "RedisStore":
        return RedisStore(self._url, self._repository, self._header, write=True)

    @cached_property
    def _guard(self) -> "Guard":
        from wherein.store.redis.quota.guard import Guard

        return Guard(self._url, self._target, self._repository)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def now(self) -> float:
        """See `Store`."""
        return self._index.now()

    def views(self) -> list[ViewRecord]:
        """See `Store`."""

        def look(session: Session) -> list[ViewRecord]:
            (found,) = session.run(lambda pipe: pipe.hgetall(session.keys.views))
            session.views.glimpse_all(found)
            return [unpack_record(raw).public(name, owner()) for name, raw in found.items()]

        records = self._index.read(look)
        return sorted(records, key=lambda record: record.updated, reverse=True)

    def view(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        first_view = self._index.opening.first_view
        if first_view is not None and not first_view.told and first_view.is_of(name):
            first_view.told = True
            raw = first_view.record
        else:
            (raw,) = self._index.read(
                lambda session: session.run(lambda pipe: pipe.hget(session.keys.views, to_bytes(name)))
            )
        with self._index.reading():
            return None if raw is None else unpack_record(raw).public(to_bytes(name), owner())

    def _as_opened(self, name: str) -> Seen | None:
        """A known view, if it was the same a moment ago."""
        first_view, known = self._index.opening.first_view, self._index.session.views.known(name)
        if first_view is None or known is None or first_view.record is None or not first_view.is_of(name):
            return None
        return known if known.record.follows(unpack_record(first_view.record)) else None

    def seen(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        views = self._index.session.views
        record = known.record if (known := views.known(name)) is not None else views.glimpsed(name)
        return self.view(name) if record is None else record.public(to_bytes(name), owner())

    def shows(self, record: ViewRecord, files: Mapping[str, str], *, exactly: bool = True) -> None:
        """See `Store`."""
        self._index.session.views.have(OwnFiles(files, record.digest if exactly else ""))

    def view_files(self, name: str, seen: ViewRecord | None = None) -> dict[str, str]:
        """See `Store`."""
        known = self._index.session.views.blobs(name)
        if seen is None or known is None or known.record.public(to_bytes(name), owner()) != seen:
            known = self._as_opened(name) or self._index.read(lambda session: session.load(name))
        return {path: shown.blob for path, shown in known.contents.files.items()} if known else {}

    def skipped_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        seen = self._index.read(lambda session: session.load(name))
        return {path: shown.skip for path, shown in seen.contents.files.items() if shown.skip} if seen else {}

    def missing(self, versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """See `Store`."""
        from wherein.store.redis.writing.batch import stored_facts

        ids = {pair: version_id(*pair) for pair in versions}
        there = self._index.read(lambda session: stored_facts(session, list(ids.values())))
        return {pair for pair, version in ids.items() if version not in there}

    def write(
        self,
        view: str,
        *,
        put: Sequence[FileVersion] = (),
        link: Mapping[str, str] | None = None,
        unlink: Iterable[str] = (),
        commit: str | None = None,
        complete: bool = False,
    ) -> None:
        """See `Store`. A path that is both hidden and shown is shown."""
        from wherein.store.redis.writing.batch import Batch
        from wherein.store.redis.writing.writer import write

        batch = Batch(view, put, link or {}, list(unlink), commit, complete, owner_of(view))
        write(self._index, self._guard, batch, leased=self._lease is not None)

    def drop_view(self, name: str) -> bool:
        """See `Store`."""

        def act(session: Session) -> bool:
            keys, raw = session.keys, to_bytes(name)
            gone = [("HDEL", keys.views, raw), ("UNLINK", keys.difference(raw), keys.log(raw))]
            return bool(self._index.right.commit(gone, last=True)[0])

        return self._index.written(act, to_delete=True)

    def copy_view(self, source: str, target: str, *, kept: int = 0) -> bool:
        """See `Store`."""
        from wherein.store.redis.writing.view_change import copy

        return self._index.written(
            lambda session: copy(
                session, self._index.right, source, target, owner=owner_of(target), kept=kept
            )
        )

    def lacks(self, view: str) -> str:
        """See `Store`."""
        from wherein.store.redis.damage import mending

        return self._index.read(lambda session: mending.lacks(session, view), checked=True)

    def mend(self) -> None:
        """See `Store`."""
        from wherein.store.redis.damage import mending
        from wherein.store.redis.repositories import catalogue

        with suppress(StoreForbids), explained(self.url):  # the list is the administrator's
            catalogue.register(self._target, self._repository)
        self._index.written(lambda session: mending.mend(session, self._index.right))

    def live_chunks(self) -> int:
        """See `Store`."""
        from wherein.store.redis.views.reachable import reachable

        return sum(self._index.read(reachable, checked=True).values())

    def collect(self) -> Collected:
        """See `Store`."""
        from wherein.store.redis.upkeep import collection

        return collection.collect(self._index, repository_prefix(self._target.tenant, self._repository))

    def counts(self) -> Counts:
        """See `Store`."""
        from wherein.store.redis.health.inventory import counts

        return self._index.read(counts)

    def inventory(self) -> Inventory:
        """See `Store`. Two round trips."""
        from wherein.store.redis.health.inventory import inventory

        return self._index.read(inventory)
