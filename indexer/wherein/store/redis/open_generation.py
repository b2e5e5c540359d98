"""The generation that a store has open: read, written to, and exchanged when another one counts."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from wherein.errors import IndexDamaged, IndexIncompatible, StoreUnreachable, UpdateLost
from wherein.store.redis import keys as names
from wherein.store.redis.connection.connect import READ_TIMEOUT, WRITE_TIMEOUT, connect
from wherein.store.redis.connection.failures import explained, reading
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client, Reply
from wherein.store.redis.damage import eviction
from wherein.store.redis.generations import generation, registry
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.opening import WAIT, Opening, OpenRequest
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.session import Session, Stale

if TYPE_CHECKING:
    from wherein.store.redis.repositories.survey import Survey

T = TypeVar("T")

SWITCHES = 5
"""How often in a row a question is asked again because another generation took over."""


class OpenGeneration:
    """A generation with a connection, a session on it, and the right to write. May be used from several threads."""

    def __init__(
        self,
        request: OpenRequest,
        view: str | None,
        *,
        replace: bool,
        survey: "Survey | None",
        before: Session | None,
    ) -> None:
        """See `RedisStore`. `before` is the session of a store that was open until now."""
        self.url = request.target.shown
        self._request = request
        self._prefix = repository_prefix(request.target.tenant, request.repository)
        self._writing = threading.RLock()
        self._closed = False
        self._survey = survey
        self.client: Client
        self.right: Right
        self.opening: Opening
        self.session: Session
        if survey is not None:
            self._join(survey, view)
        else:
            self._connect(view, before, replace=replace)

    def _join(self, survey: "Survey", view: str | None) -> None:
        """Read what a survey has read of the repository; questions go with those about others."""
        request = self._request
        self.client = survey.combined.client(self._prefix)
        self.right = Right(survey.combined.nodes.first(), self._prefix)  # never taken
        self.opening = Opening(self.client, self.right, self._prefix, request, view)
        self.session = survey.session(request.repository, request.header, view)
        survey.hold()

    def _connect(self, view: str | None, before: Session | None, *, replace: bool) -> None:
        """Open a generation over a connection of its own, or the one that holds the lease."""
        request = self._request
        greeting: Greeting | None = None
        with explained(self.url):
            if request.lease is not None:
                self.client = request.lease.client
            else:
                greeting = Greeting("HGETALL", names.indexes(self._prefix))
                timeout = WRITE_TIMEOUT if request.write else READ_TIMEOUT
                self.client = connect(request.target, key=self._prefix, timeout=timeout, greeting=greeting)
            self.right = Right(self.client, self._prefix)
            self.opening = Opening(self.client, self.right, self._prefix, request, view)
            try:
                with explained(self.url) if replace else self.reading():
                    self.session = self.opening.begin() if replace else self.opening.open(greeting, before)
            except BaseException:
                self.client.close()
                raise

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        with self._writing, explained(self.url):
            if self._closed:
                return
            self._closed = True
            try:
                if self.session.building:
                    self._settle()
            finally:
                self.right.close()
                self.client.close()
                if self._survey is not None:
                    self._survey.close()

    @property
    def options(self) -> Mapping[str, str]:
        """Of the store's URL."""
        return self._request.target.options

    def now(self) -> float:
        """Seconds since the epoch by the server's clock."""
        if self.opening.ahead is None:
            with explained(self.url):
                self.opening.hear_time(self.client.time())
        return time.time() + (self.opening.ahead or 0.0)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """`failures.reading`; a value that cannot be read is also noted on this machine."""
        try:
            with reading(self.url):
                yield
        except IndexDamaged:
            if self._request.unreadable is not None:
                self._request.unreadable.note()
            raise

    def read(self, question: Callable[[Session], T], *, checked: bool = False) -> T:
        """The answer from the generation that counts.

        `checked`: look afterwards whether it still does, for a question that does not look itself.
        """
        with self.reading():
            for _ in range(SWITCHES):
                if self._closed:
                    raise self._is_closed()
                try:
                    answer = question(self.session)
                    if checked:
                        self.session.check()
                    return answer
                except Stale:
                    self.session = self.opening.open()
                except eviction.Evicted as lost:
                    # Of a slot that is being moved its node says so, which tells more than that something is lost.
                    self.client.exists(names.nothing(self._prefix))
                    raise self._has_lost(lost) from lost
            raise StoreUnreachable(f"The index in {self.url} keeps being replaced.")

    def written(self, act: Callable[[Session], T], *, to_delete: bool = False) -> T:
        """What `act` returns. It is called with the right to write to the generation that counts, and once more if that
        right or the connection ended meanwhile: then its transaction was carried out as a whole or not at all."""
        return self.written_knowing(
            lambda session: (), lambda session, told: act(session), to_delete=to_delete
        )

    def written_knowing(
        self,
        ask: Callable[[Session], Sequence[Command]],
        act: Callable[[Session, list[Reply]], T],
        *,
        to_delete: bool = False,
    ) -> T:
        """`written`, where `act` also gets the answers to the commands of `ask`, which are sent with taking the
        right."""
        with self._writing, explained(self.url):
            if self._closed:
                raise self._is_closed()
            if not self._request.write:
                raise StoreUnreachable(
                    f"The index in {self.url} was opened for reading only.", remedy="open it for writing"
                )
            asked = self.session

            def questions() -> list[Command]:
                nonlocal asked
                asked = self.session
                return [self.opening.counts_still(asked), *ask(asked)]

            def told_act(answers: list[Reply]) -> T:
                there, *told = answers
                self._follow(there)
                if self.session is not asked:
                    told = self.right.ask(ask(self.session))
                return act(self.session, told)

            patience = self._request.patience
            return self.right.while_held(told_act, patience, to_delete=to_delete, ask=questions)

    def take_over_when_built(self) -> None:
        """Let the generation count from now on, if it was built beside the one that did."""
        if self.session.building:
            with self._writing, explained(self.url):
                self._take_over()

    def _follow(self, there: bytes | int | None) -> None:
        """Change to the generation that counts, by the answer to `counts_still`. UpdateLost if what is about to be
        written was worked out from another one."""
        lease = self._request.lease
        if lease is not None and lease.lost:
            raise UpdateLost("Another process is updating the same view.", remedy="wherein index")
        number = self.session.keys.generation
        if int(there or 0) == (1 if self.session.building else number):
            return
        if lease is not None or self.session.building:
            raise UpdateLost("The index was deleted or replaced meanwhile.", remedy="wherein index")
        self.session = self.opening.open()

    def _settle(self) -> None:
        """End a new generation that was never completed: it takes over if none counts, else it is deleted."""
        if not self.opening.is_there():
            self._take_over()
        else:
            keys = self.session.keys
            self.right.while_held(lambda told: generation.delete(self.client, self.right, keys), WAIT)

    def _take_over(self) -> None:
        def register(told: list[Reply]) -> None:
            self._follow(told[0])
            registry.register(self.right, self.session.generation)

        self.right.while_held(register, WAIT, ask=lambda: [self.opening.counts_still(self.session)])
        self.session.building = False

    def _has_lost(self, lost: eviction.Evicted) -> IndexIncompatible:
        return IndexIncompatible(
            f"The store {self.url} has lost {lost} of {self._request.repository}: its server may evict keys.",
            remedy="wherein index, which restores them; and set maxmemory-policy noeviction on the server",
        )

    def _is_closed(self) -> StoreUnreachable:
        return StoreUnreachable(f"The index in {self.url} was closed.", remedy="open it again")
