"""The Redis store: hashes, one search index a repository, views as data of their own."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Self, TypeVar

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
from wherein.store.redis.connection.client_types import Reply
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.damage import mending
from wherein.store.redis.damage.unreadable import Suspect
from wherein.store.redis.deep.deep_store import RedisDeep
from wherein.store.redis.health import counts
from wherein.store.redis.health.inventory import inventory
from wherein.store.redis.locks.update_lease import Lease
from wherein.store.redis.open_generation import Held
from wherein.store.redis.opening import Wanted
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.quota import limits
from wherein.store.redis.quota.guard import Guard
from wherein.store.redis.reading.chunk_store import OneState, RedisChunks
from wherein.store.redis.repositories import catalogue
from wherein.store.redis.repositories.survey import Survey
from wherein.store.redis.session import Session
from wherein.store.redis.trees.cache_files import TreesHere
from wherein.store.redis.trees.contents import to_bytes, version_id
from wherein.store.redis.upkeep import collection, renewal
from wherein.store.redis.views.from_clone import Here
from wherein.store.redis.views.owner import owner, owner_of
from wherein.store.redis.views.reachable import reachable
from wherein.store.redis.views.record import Seen, unpack_record
from wherein.store.redis.writing.batch import write
from wherein.store.redis.writing.batch_facts import Asking, Known
from wherein.store.redis.writing.view_change import copy, stored_facts

T = TypeVar("T")


class RedisStore(RedisDeep, RedisChunks):
    """Implements `Store`. May be used from several threads.

    With `replace` an index is built anew beside the old one, as another generation, and takes over with the first
    complete view. Closed before that, it takes the place of one that is of no use, else it is thrown away.
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
        survey: Survey | None = None,
        beside: bool = False,
        suspect: Suspect | None = None,
        here: TreesHere | None = None,
        before: "RedisStore | None" = None,
    ) -> None:
        """`view` is the one that will be asked for first: it is read along. `beside`: a version that has no index here
        makes one, though others have. With a `survey`, for reading, what that has
        read is not asked again, and questions go with those about other repositories. `suspect` notes that something
        could not be read, `here` keeps trees. What the store `before`, which is closed, knows is used."""
        self._url = url
        self._target = parse(url)
        self.url = self._target.shown
        self._repository = repository
        self._header = header
        self._lease = lease
        self._one_state = OneState()
        wanted = Wanted(self._target, repository, header, write, beside, lease, suspect, here)
        session = before._held.session if before is not None else None
        self._held: Held = Held(wanted, view, replace=replace, survey=survey, before=session)
        self._guard = Guard(url, self._target, repository)

    @property
    def shared(self) -> bool:
        """See `Store`."""
        return True

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        self._held.close()

    def _opened_to_write(self) -> "RedisStore":
        return RedisStore(self._url, self._repository, self._header, write=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def now(self) -> float:
        """See `Store`."""
        return self._held.now()

    def views(self) -> list[ViewRecord]:
        """See `Store`."""

        def look(session: Session) -> list[ViewRecord]:
            (found,) = session.run(lambda pipe: pipe.hgetall(session.keys.views))
            session.views.glimpse_all(found)
            return [unpack_record(raw).public(name, owner()) for name, raw in found.items()]

        records = self._held.read(look)
        return sorted(records, key=lambda record: record.updated, reverse=True)

    def view(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        along = self._held.opening.along
        if along is not None and not along.told and along.is_of(name):
            along.told = True
            raw = along.record
        else:
            (raw,) = self._held.read(
                lambda session: session.run(lambda pipe: pipe.hget(session.keys.views, to_bytes(name)))
            )
        with self._held.reading():
            return None if raw is None else unpack_record(raw).public(to_bytes(name), owner())

    def _read_along(self, name: str) -> Seen | None:
        """A view that is known, where it was the same a moment ago."""
        along, known = self._held.opening.along, self._held.session.views.known(name)
        if along is None or known is None or along.record is None or not along.is_of(name):
            return None
        return known if known.record.follows(unpack_record(along.record)) else None

    def seen(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        views = self._held.session.views
        record = known.record if (known := views.known(name)) is not None else views.glimpsed(name)
        return self.view(name) if record is None else record.public(to_bytes(name), owner())

    def shows(self, record: ViewRecord, files: Mapping[str, str], *, exactly: bool = True) -> None:
        """See `Store`."""
        self._held.session.views.have(Here(files, record.digest if exactly else ""))

    def view_files(self, name: str, seen: ViewRecord | None = None) -> dict[str, str]:
        """See `Store`."""
        known = self._held.session.views.blobs(name)
        if seen is None or known is None or known.record.public(to_bytes(name), owner()) != seen:
            known = self._read_along(name) or self._held.read(lambda session: session.load(name))
        return {path: shown.blob for path, shown in known.contents.files.items()} if known else {}

    def skipped_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        seen = self._held.read(lambda session: session.load(name))
        return {path: shown.skip for path, shown in seen.contents.files.items() if shown.skip} if seen else {}

    def missing(self, versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """See `Store`."""
        ids = {pair: version_id(*pair) for pair in versions}
        there = self._held.read(lambda session: stored_facts(session, list(ids.values())))
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
        hidden = list(unlink)
        planned: list[Seen | None] = []
        asking = Asking(view, put, link or {})

        def ask(session: Session) -> list[Command]:
            planned[:] = [session.views.known(view) if self._lease is not None else None]
            return [limits.ask(session.keys.prefix), *asking.commands(session)]

        def act(session: Session, told: list[Reply]) -> tuple[Known, int]:
            if put and (limited := limits.told(told[0])) is not None:
                self._guard.check(session, limited)
            known = asking.known(session, told[1:])
            stored = write(
                session,
                self._held.right,
                view,
                known,
                put=put,
                link=link or {},
                unlink=hidden,
                commit=commit,
                complete=complete,
                owner=owner_of(view),
                planned=planned[0],
            )
            return known, stored

        known, stored = self._held.written_knowing(ask, act)
        renewal.renew_what_is_due(self._held, known, stored, stored_some=bool(put), complete=complete)
        if complete:
            self._held.take_over_when_built()

    def drop_view(self, name: str) -> bool:
        """See `Store`."""

        def act(session: Session) -> bool:
            keys, raw = session.keys, to_bytes(name)
            gone = [("HDEL", keys.views, raw), ("UNLINK", keys.difference(raw), keys.log(raw))]
            return bool(self._held.right.commit(gone, last=True)[0])

        return self._held.written(act, to_delete=True)

    def copy_view(self, source: str, target: str, *, kept: int = 0) -> bool:
        """See `Store`."""
        return self._held.written(
            lambda session: copy(session, self._held.right, source, target, owner=owner_of(target), kept=kept)
        )

    def lacks(self, view: str) -> str:
        """See `Store`."""
        return self._held.read(lambda session: mending.lacks(session, view), checked=True)

    def mend(self) -> None:
        """See `Store`."""
        with suppress(StoreForbids), explained(self.url):  # the list is the administrator's
            catalogue.register(self._target, self._repository)
        self._held.written(lambda session: mending.mend(session, self._held.right))

    def live_chunks(self) -> int:
        """See `Store`."""
        return sum(self._held.read(reachable, checked=True).values())

    def collect(self) -> Collected:
        """See `Store`."""
        return collection.collect(self._held, repository_prefix(self._target.tenant, self._repository))

    def counts(self) -> Counts:
        """See `Store`."""
        return self._held.read(counts.counts)

    def inventory(self) -> Inventory:
        """See `Store`. Two round trips."""
        return self._held.read(inventory)
