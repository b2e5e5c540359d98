"""The Redis store: hashes, one search index a repository, views as data of their own."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from redis.exceptions import ConnectionError, NoPermissionError

from wherein.errors import (
    IndexIncompatible,
    StoreBusy,
    StoreForbids,
    StoreUnreachable,
    UpdateLost,
    WhereinError,
)
from wherein.store.header import check_header
from wherein.store.name_book import NameBook
from wherein.store.protocol import (
    Candidate,
    Collected,
    Counts,
    Embeddings,
    FileVersion,
    Filters,
    Header,
    Retrieval,
    Retrieved,
    ViewRecord,
)
from wherein.store.redis import (
    catalogue,
    commonest,
    evicted,
    garbage,
    generation,
    lookup,
    mending,
    registry,
    searchindex,
)
from wherein.store.redis import keys as names
from wherein.store.redis.address import parse
from wherein.store.redis.client import Client
from wherein.store.redis.connection import READ_TIMEOUT, WRITE_TIMEOUT, connect
from wherein.store.redis.failures import explained, reading
from wherein.store.redis.greeting import Greeting
from wherein.store.redis.keys import Keys
from wherein.store.redis.lease import Lease
from wherein.store.redis.line import Command
from wherein.store.redis.loading import refuse_a_replica_without_data
from wherein.store.redis.names import repository_prefix
from wherein.store.redis.owner import owner, owner_of
from wherein.store.redis.parameters import chosen
from wherein.store.redis.reach import reachable
from wherein.store.redis.retrieve import retrieve
from wherein.store.redis.right import Lost, Right
from wherein.store.redis.session import FACTS, Session, Stale
from wherein.store.redis.showing import copy, stored_facts
from wherein.store.redis.shown import to_bytes, version_id
from wherein.store.redis.survey import Survey
from wherein.store.redis.views import unpack_record
from wherein.store.redis.writer import write

T = TypeVar("T")

WAIT = 300.0
"""Seconds for one's turn to write: others' operations take one or two, but for a graph that is built anew."""

ATTEMPTS = 5
PAUSE = 0.1
"""Seconds before an operation is tried again, times the attempt."""

SWITCHES = 5
"""How often in a row another generation may take over while a question is asked."""


READ_ALONG = 1.0
"""Seconds for which a view that was read along with the opening is as good as one that is asked for: a command's first
look. Who keeps a store open for longer asks."""


@dataclass(frozen=True, slots=True)
class _Along:
    """A view as it was when the store was opened."""

    view: str
    record: bytes | None
    read: float


class RedisStore:
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
    ) -> None:
        """`view` is the one that will be asked for first: it is read along. `beside`: a version that has no index here
        makes one, though others have. With a `survey`, for reading, what that has
        read is not asked again, and questions go with those about other repositories."""
        self._target = parse(url)
        self.url = self._target.shown
        self._repository = repository
        self._header = header
        self._prefix = repository_prefix(self._target.tenant, repository)
        self._may_write = write
        self._view = view
        self._along: _Along | None = None
        self._greeting = Greeting("HGETALL", names.indexes(self._prefix))
        self._lease = lease
        self._beside = beside
        self._made_by = registry.made_by(header)
        self._writing = threading.RLock()
        self._ahead: float | None = None
        """seconds that the server's clock is ahead of the one here"""
        self._texts_gone = 0
        """how often a text was asked for that had been collected"""
        self._closed = False
        self._survey = survey
        if survey is not None:
            self._client: Client = survey.combined.client(self._prefix)
            self._right = Right(survey.combined.nodes.first(), self._prefix)  # never taken
            self._session = survey.session(repository, header, view)
            survey.hold()
            return
        with explained(self.url):
            self._client = connect(
                self._target,
                key=self._prefix,
                timeout=WRITE_TIMEOUT if write else READ_TIMEOUT,
                greeting=self._greeting,
            )
            self._right = Right(self._client, self._prefix)
            try:
                with explained(self.url) if replace else reading(self.url):
                    self._session = self._begin(building=True) if replace else self._open(greeted=True)
            except BaseException:
                self._client.close()
                raise

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        with self._writing, explained(self.url):
            if self._closed:
                return
            self._closed = True
            try:
                if self._session.building:
                    self._settle()
            finally:
                self._right.close()
                self._client.close()
                if self._survey is not None:
                    self._survey.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def at_once(self, read: Callable[[], T]) -> T:
        """See `Store`. Versions never change and are named by their content: a state is another one where another
        generation counts, or where a text that was found is gone."""
        for _ in range(SWITCHES):
            before = self._session, self._texts_gone
            answer = read()
            if before == (self._session, self._texts_gone):
                break
        return answer

    def now(self) -> float:
        """See `Store`."""
        if self._ahead is None:
            with explained(self.url):
                self._hear_time(self._client.time())
        return time.time() + (self._ahead or 0.0)

    def _hear_time(self, told: tuple[int, int]) -> None:
        self._ahead = told[0] + told[1] / 1e6 - time.time()

    def views(self) -> list[ViewRecord]:
        """See `Store`."""

        def look(session: Session) -> list[ViewRecord]:
            (found,) = session.run(lambda pipe: pipe.hgetall(session.keys.views))
            return [unpack_record(raw).public(name, owner()) for name, raw in found.items()]

        records = self._read(look)
        return sorted(records, key=lambda record: record.updated, reverse=True)

    def view(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        along, self._along = self._along, None
        if along is not None and along.view == name and time.monotonic() - along.read < READ_ALONG:
            raw = along.record
        else:
            (raw,) = self._read(
                lambda session: session.run(lambda pipe: pipe.hget(session.keys.views, to_bytes(name)))
            )
        with reading(self.url):
            return None if raw is None else unpack_record(raw).public(to_bytes(name), owner())

    def seen(self, name: str) -> ViewRecord | None:
        """See `Store`."""
        views = self._session.views
        record = known.record if (known := views.known(name)) is not None else views.glimpsed(name)
        return self.view(name) if record is None else record.public(to_bytes(name), owner())

    def view_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        seen = self._read(lambda session: session.load(name))
        return {path: shown.blob for path, shown in seen.contents.files.items()} if seen else {}

    def skipped_files(self, name: str) -> dict[str, str]:
        """See `Store`."""
        seen = self._read(lambda session: session.load(name))
        return {path: shown.skip for path, shown in seen.contents.files.items() if shown.skip} if seen else {}

    def missing(self, versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """See `Store`."""
        ids = {pair: version_id(*pair) for pair in versions}
        there = self._read(lambda session: stored_facts(session, list(ids.values())), checked=True)
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

        def act(session: Session) -> None:
            planned = session.views.known(view) if self._lease is not None else None
            write(
                session,
                self._right,
                view,
                put=put,
                link=link or {},
                unlink=hidden,
                commit=commit,
                complete=complete,
                owner=owner_of(view),
                planned=planned,
            )

        self._written(act)
        if put:
            self._look_after(commonest.is_due, commonest.renew)
        if complete:
            self._look_after(self._is_outgrown, self._rebuild)
            if self._session.building:
                with self._writing, explained(self.url):
                    self._take_over()

    def drop_view(self, name: str) -> bool:
        """See `Store`."""

        def act(session: Session) -> bool:
            keys, raw = session.keys, to_bytes(name)
            gone = [("HDEL", keys.views, raw), ("UNLINK", keys.difference(raw), keys.log(raw))]
            return bool(self._right.commit(gone, last=True)[0])

        return self._written(act, to_delete=True)

    def copy_view(self, source: str, target: str) -> bool:
        """See `Store`."""
        return self._written(
            lambda session: copy(session, self._right, source, target, owner=owner_of(target))
        )

    def is_damaged(self, view: str) -> bool:
        """See `Store`."""
        return self._read(lambda session: mending.is_damaged(session, view), checked=True)

    def mend(self) -> None:
        """See `Store`."""
        with suppress(StoreForbids), explained(self.url):  # the list is the administrator's
            catalogue.register(self._target, self._repository)
        self._written(lambda session: mending.mend(session, self._right))

    def live_chunks(self) -> int:
        """See `Store`."""
        return sum(self._read(reachable, checked=True).values())

    def collect(self) -> Collected:
        """See `Store`."""
        together = Collected(0, 0, 0)
        owed: list[Command] = []
        while True:  # others get their turn in between
            freed = self._written(lambda session: garbage.collect(session, self._right, owed), to_delete=True)
            together = Collected(
                together.file_versions + freed.versions,
                together.chunks + freed.chunks,
                together.bytes + freed.bytes,
            )
            if not freed.more:
                break
        self._written(
            lambda session: registry.delete_left_over(self._client, self._right, self._prefix),
            to_delete=True,
        )
        return together

    def retrieve(self, request: Retrieval) -> Retrieved:
        """See `Store`."""
        width = self._header.dimension
        if request.embedding is not None and request.embedding.shape != (width,):
            raise ValueError(
                f"an embedding of shape {request.embedding.shape} where the index has ({width},)"
            )
        if self._target.socket:  # another question on this machine costs less than ranking twice
            request = replace(request, likely=None)
        return self._read(lambda session: retrieve(session, request))

    def texts(self, ids: Sequence[int | str]) -> list[str]:
        """See `Store`. An id that has been collected has no text."""
        found = self._read(lambda session: lookup.texts(session, ids))
        self._texts_gone += None in found
        return [text or "" for text in found]

    def chunk_at(self, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
        """See `Store`."""
        return self._read(lambda session: lookup.chunk_at(session, view, path, line))

    def definitions(self, view: str, name: str, filters: Filters, limit: int) -> list[Candidate]:
        """See `Store`."""
        return self._read(lambda session: lookup.definitions(session, view, name, filters, limit))

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """See `Store`."""
        return self._read(lambda session: lookup.first_chunks(session, view, filters, limit))

    def name_book(self) -> NameBook:
        """See `Store`."""
        return self._read(lambda session: session.name_book())

    def chunks_of(self, view: str, path: str) -> list[Candidate]:
        """See `Store`."""
        return self._read(lambda session: lookup.chunks_of(session, view, path))

    def counts(self) -> Counts:
        """See `Store`."""

        def count(session: Session) -> Counts:
            keys = session.keys
            facts = ["versions", "chunks", "bytes"]
            found, views, info, again = session.run(
                lambda pipe: evicted.ask(pipe.hmget(keys.meta, facts).hlen(keys.views), keys).hmget(
                    keys.meta, facts
                )
            )
            versions, chunks, size = (int(value or 0) for value in found)
            evicted.check(session.run, keys, info, min(chunks, int(again[facts.index("chunks")] or 0)))
            return Counts(versions, chunks, size + searchindex.size(searchindex.facts(info)), int(views))

        return self._read(count)

    def _read(self, question: Callable[[Session], T], *, checked: bool = False) -> T:
        """The answer from the generation that counts, with a header that fits.

        `checked`: look afterwards whether it still counts, where the question does not by itself.
        """
        with reading(self.url):
            for _ in range(SWITCHES):
                if self._closed:
                    raise self._is_closed()
                try:
                    answer = question(self._session)
                    if checked:
                        self._session.check()
                    return answer
                except Stale:
                    self._session = self._open()
                except evicted.Evicted as lost:
                    raise self._has_lost(lost) from lost
            raise StoreUnreachable(f"The index in {self.url} is replaced all the time.")

    def _written(self, act: Callable[[Session], T], *, to_delete: bool = False) -> T:
        """What `act` returns, who holds the right to write to the generation that counts. It is called anew where that
        right ended meanwhile, or the connection: nothing of it was carried out, or all of a transaction."""
        with self._writing, explained(self.url):
            if self._closed:
                raise self._is_closed()
            if not self._may_write:
                raise StoreUnreachable(
                    f"The index in {self.url} was opened for reading only.", remedy="open it for writing"
                )
            for attempt in range(ATTEMPTS):
                try:
                    with self._right.held(WAIT, to_delete=to_delete, ask=[self._counts_still()]) as (there,):
                        self._follow(there)
                        return act(self._session)
                except (Lost, ConnectionError) as error:
                    if attempt + 1 < ATTEMPTS:
                        time.sleep(PAUSE * (attempt + 1))
                    elif isinstance(error, ConnectionError):
                        raise
            raise StoreBusy(f"Others write to {self.url} all the time.", remedy="try again later")

    def _look_after(self, due: Callable[[Session], bool], act: Callable[[Session, Right], None]) -> None:
        """Do what is to be done now and then, if it is due."""
        with explained(self.url):
            if not due(self._session):
                return
        self._written(lambda session: act(session, self._right))

    def _counts_still(self) -> Command:
        if self._session.building:
            return ("SISMEMBER", names.begun(self._prefix), self._session.keys.generation)
        return ("HGET", names.indexes(self._prefix), self._made_by)

    def _follow(self, there: bytes | int | None) -> None:
        """Take the generation that counts, by the answer to `_counts_still`. UpdateLost where it is another one than
        what is written was found out of."""
        if self._lease is not None and self._lease.lost:
            raise UpdateLost("Another process updates the same view now.", remedy="wherein index")
        generation_ = self._session.keys.generation
        if int(there or 0) == (1 if self._session.building else generation_):
            return
        if self._lease is not None or self._session.building:
            raise UpdateLost("The index was deleted or replaced meanwhile.", remedy="wherein index")
        self._session = self._open()

    def _is_outgrown(self, session: Session) -> bool:
        return searchindex.is_due(self._client, session.keys, self._target.options)

    def _rebuild(self, session: Session, right: Right) -> None:
        searchindex.rebuild_when_due(
            self._client, session.keys, self._target.options, self._header.dimension, right
        )

    def _open(self, *, greeted: bool = False) -> Session:
        """The generation that counts; made where there is none, if this store may write. `greeted`: as the connection
        that was made a moment ago was told."""
        told = (
            self._greeting.answer(self._client)
            if greeted
            else self._client.hgetall(names.indexes(self._prefix))
        )
        number = registry.counting(told).get(self._made_by)
        found: generation.Generation | None = None
        facts: Sequence[bytes | None] = ()
        if number is not None:
            found, facts = self._read_generation(Keys(self._prefix, number))
        if found is None:
            self._along = None  # it is of what is no index
            if not self._may_write:
                refuse_a_replica_without_data(self._client)
                raise self._not_there()
            return self._make()
        check_header(found.header, self._header, self._repository)  # else it is damaged: it was found by that
        if self._may_write:
            self._mend(found)
        session = Session(self._client, found, facts)
        if self._along is not None:
            session.views.glimpse(self._along.view, self._along.record)
        return session

    def _mend(self, found: generation.Generation) -> None:
        options = searchindex.parameters(self._client, found.keys, self._target.options)
        try:
            searchindex.mend(self._client, found.keys, options, found.header.dimension)
        except NoPermissionError as error:
            raise generation.not_added(self._repository) from error

    def _read_generation(self, keys: Keys) -> tuple[generation.Generation | None, Sequence[bytes | None]]:
        """A generation, and what a session wants to know of it; the view that will be asked for comes along."""
        pipe = self._client.pipeline(transaction=False)
        pipe.hmget(keys.meta, generation.FACTS).hmget(keys.meta, FACTS).time()
        if self._view is not None:
            pipe.hget(keys.views, to_bytes(self._view))
        told, facts, clock, *along = pipe.execute()
        self._hear_time(clock)
        if self._view is not None:
            self._along = _Along(self._view, along[0], time.monotonic())
        self._view = None
        return generation.parsed(keys, told), facts

    def _not_there(self) -> WhereinError:
        otherwise = registry.made_otherwise(self._client, self._prefix, self._header, self._repository)
        return otherwise or generation.missing(self._repository)

    def _make(self) -> Session:
        """A first generation of this version; unasked only where no other version has one."""
        with self._right.held(WAIT):
            if not self._is_there() and not registry.found_again(
                self._client, self._right, self._prefix, self._header
            ):
                if not self._beside and isinstance(otherwise := self._not_there(), IndexIncompatible):
                    raise otherwise
                session = self._begin(building=False)
                registry.register(self._right, session.generation)
                return session
        return self._open()

    def _is_there(self) -> bool:
        number = registry.counting(self._client.hgetall(names.indexes(self._prefix))).get(self._made_by)
        return number is not None and registry.readable(self._client, Keys(self._prefix, number)) is not None

    def _begin(self, *, building: bool) -> Session:
        parameters = chosen(self._target.options, {})
        with self._right.held(WAIT):
            if building:
                registry.make_usable(self._client, self._right, self._prefix)
                if not self._is_there():
                    registry.found_again(self._client, self._right, self._prefix, self._header)
                registry.delete_left_over(self._client, self._right, self._prefix)
            begun = generation.begin(
                self._client,
                self._right,
                registry.free_keys(self._client, self._right, self._prefix, self._repository),
                self._repository,
                self._header,
                parameters,
                None if self._lease is None else self._lease.proof,
            )
        with suppress(NoPermissionError):  # an index made before by somebody who may, and so has listed it
            catalogue.register_unless_added(self._client, self._target, self._repository)
        return Session(self._client, begun, [None] * len(FACTS), building=building)

    def _settle(self) -> None:
        """What becomes of a new generation that was never completed."""
        if not self._is_there():
            self._take_over()
        else:
            with self._right.held(WAIT):
                generation.delete(self._client, self._right, self._session.keys)

    def _take_over(self) -> None:
        with self._right.held(WAIT, ask=[self._counts_still()]) as (there,):
            self._follow(there)
            registry.register(self._right, self._session.generation)
        self._session.building = False

    def _has_lost(self, lost: evicted.Evicted) -> IndexIncompatible:
        return IndexIncompatible(
            f"The store {self.url} has lost {lost} of {self._repository}: its server may evict keys.",
            remedy="wherein index, which restores them; and set maxmemory-policy noeviction on the server",
        )

    def _is_closed(self) -> StoreUnreachable:
        return StoreUnreachable(f"The index in {self.url} was closed.", remedy="open it again")
