"""Finding the generation of a repository's index that a store reads, or making it."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import IndexDamaged, IndexIncompatible, StoreForbids, WhereinError
from wherein.quick_dataclass import dataclass
from wherein.store.header import MEND, check_header
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.loading import refuse_a_replica_without_data
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client, Reply, raise_errors
from wherein.store.redis.damage import eviction
from wherein.store.redis.damage.unreadable import UnreadableNote
from wherein.store.redis.generations import generation, registry
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.locks.update_lease import Lease
from wherein.store.redis.search_index import rebuilding, search_index
from wherein.store.redis.search_index.parameters import chosen
from wherein.store.redis.session import FACTS, Session
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import to_bytes

READ_ALONG = 1.0
"""Seconds for which the view that was read with the opening stands for a question about it: a command's first look.
A store that stays open for longer asks again."""

WAIT = 300.0
"""Seconds to wait for the turn to write: operations of others take one or two, except when a graph is rebuilt."""


@dataclass(slots=True)
class FirstView:
    """The view that will be asked for first, as it was when the store was opened."""

    view: str
    record: bytes | None
    read: float
    told: bool = False
    """it was asked for since then"""

    def is_of(self, view: str) -> bool:
        """Whether it can stand for a question about that view."""
        return self.view == view and time.monotonic() - self.read < READ_ALONG


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What is to be opened, and for what use."""

    target: Target
    repository: str
    header: Header
    write: bool
    beside: bool
    """make an index for this version even if only other versions have one"""
    lease: Lease | None
    unreadable: UnreadableNote | None = None
    """where it is noted that a value could not be read"""
    tree_files: TreeFiles | None = None
    """where trees are kept that were read"""

    @property
    def patience(self) -> float:
        """Seconds to wait for a turn to write."""
        return WAIT if self.lease is None else min(self.lease.patience, WAIT)


class Opening:
    """Opens the generation that counts, as often as another one takes over."""

    def __init__(
        self, client: Client, right: Right, prefix: str, request: OpenRequest, view: str | None
    ) -> None:
        """`view` is the one that will be asked for first: it is read with the opening."""
        self._client = client
        self._right = right
        self._prefix = prefix
        self._request = request
        self._view = view
        self._made_by = registry.made_by(request.header)
        self._lacks_search = False
        self.first_view: FirstView | None = None
        self.ahead: float | None = None
        """seconds that the server's clock is ahead of the one here"""

    def hear_time(self, told: tuple[int, int]) -> None:
        """Note what the server's clock says."""
        self.ahead = told[0] + told[1] / 1e6 - time.time()

    def counts_still(self, session: Session) -> Command:
        """The command whose answer says which generation counts, or whether the one that is built is there."""
        if session.building:
            return ("SISMEMBER", names.begun(self._prefix), session.keys.generation)
        return ("HGET", names.indexes(self._prefix), self._made_by)

    def open(self, greeting: Greeting | None = None, before: Session | None = None) -> Session:
        """A session on the generation that counts; it is made if there is none and this store may write.

        A `greeting` has asked already what counts, when the connection was made. The generation of the session `before`
        is tried first.
        """
        found, facts = self._find(greeting, before)
        if found is None:
            self.first_view = None  # the view that was read is of no index
            if not self._request.write:
                refuse_a_replica_without_data(self._client)
                raise self._not_there()
            return self._make()
        try:
            check_header(found.header, self._request.header, self._request.repository)
        except IndexIncompatible as error:  # it was found by that
            raise IndexDamaged(error.message, remedy=MEND) from error
        if self._lacks_search:
            self._mend(found)
        known = before.views if before is not None and found.keys == before.keys else None
        session = Session(self._client, found, facts, views=known, tree_files=self._request.tree_files)
        if self.first_view is not None:
            session.views.glimpse(self.first_view.view, self.first_view.record)
        return session

    def _find(
        self, greeting: Greeting | None, before: Session | None
    ) -> tuple[generation.Generation | None, Sequence[bytes | None]]:
        """The generation that counts, and what a session wants to know of it; None if none does. IndexDamaged if
        one counts of which nothing is known any more."""
        found: generation.Generation | None = None
        facts: Sequence[bytes | None] = ()
        try:
            if before is not None:
                told, found, facts = self._read_generation(before.keys)
            elif greeting is not None:
                told = greeting.answer(self._client)
            else:
                told = self._client.hgetall(names.indexes(self._prefix))
        except NoPermissionError as error:  # what every role may ask of a repository that it was given
            name = self._request.repository
            raise StoreForbids(
                f"The store {self._request.target.shown} does not let this user ask for {name}.",
                remedy=f"ask its administrator for `wherein redis acl --repository {name}`",
            ) from error
        number = registry.counting(told).get(self._made_by)
        if number is None:
            return None, ()
        if before is None or number != before.keys.generation:
            told, found, facts = self._read_generation(Keys(self._prefix, number))
        if found is None and registry.counting(told).get(self._made_by) == number:
            raise generation.headless(self._request.repository)
        return found, facts

    def is_there(self) -> bool:
        """Whether a generation counts, and can be read."""
        number = registry.counting(self._client.hgetall(names.indexes(self._prefix))).get(self._made_by)
        return number is not None and registry.readable(self._client, Keys(self._prefix, number)) is not None

    def begin(self) -> Session:
        """A new generation, of nothing yet, beside the one that counts."""

        def tidied(told: Sequence[Reply]) -> Session:
            registry.make_usable(self._client, self._right, self._prefix)
            if not self.is_there():
                registry.found_again(self._client, self._right, self._prefix, self._request.header)
            registry.delete_left_over(self._client, self._right, self._prefix)
            return self._begun(building=True)

        return self._right.while_held(tidied, self._request.patience)

    def _begun(self, *, building: bool) -> Session:
        """A new generation, by the holder of the right to write."""
        from wherein.store.redis.repositories import catalogue

        request = self._request
        begun = generation.begin(
            self._client,
            self._right,
            registry.free_keys(self._client, self._right, self._prefix, request.repository),
            request.repository,
            request.header,
            chosen(request.target.options, {}),
            None if request.lease is None else request.lease.proof,
        )
        with suppress(NoPermissionError):  # an index made before by somebody who may, and so has listed it
            catalogue.register_unless_added(self._client, request.target, request.repository)
        nothing = [None] * len(FACTS)
        return Session(self._client, begun, nothing, building=building, tree_files=request.tree_files)

    def _mend(self, found: generation.Generation) -> None:
        options = rebuilding.parameters(self._client, found.keys, self._request.target.options)
        try:
            search_index.mend(self._client, found.keys, options, found.header.dimension)
        except NoPermissionError as error:
            raise generation.not_added(self._request.repository) from error

    def _read_generation(
        self, keys: Keys
    ) -> tuple[Mapping[bytes, bytes], generation.Generation | None, Sequence[bytes | None]]:
        """What counts; a generation, and what a session needs to know about it. The first view comes along, and for a
        writer whether the search index is there."""
        view = self._view or ""
        pipe = self._client.pipeline(transaction=False)
        pipe.hgetall(names.indexes(self._prefix))
        pipe.hmget(keys.meta, generation.FACTS).hmget(keys.meta, FACTS).time().hget(
            keys.views, to_bytes(view)
        )
        if self._request.write:
            eviction.ask(pipe, keys)
        replies = pipe.execute(raise_on_error=False)
        self._lacks_search = isinstance(replies[-1], ResponseError) and is_missing_index(replies[-1])
        raise_errors(replies[: 5 if self._lacks_search else None])
        counting, told, facts, clock, record, *_ = replies
        self.hear_time(clock)
        if self._view is not None:
            self.first_view = FirstView(view, record, time.monotonic())
        self._view = None
        return counting, generation.parsed(keys, told), facts

    def _not_there(self) -> WhereinError:
        otherwise = registry.made_otherwise(
            self._client, self._prefix, self._request.header, self._request.repository
        )
        return otherwise or generation.missing(self._request.repository)

    def _make(self) -> Session:
        """A first generation for this version; unasked only if no other version has one."""

        def made(told: Sequence[Reply]) -> Session | None:
            found_again = registry.found_again
            if self.is_there() or found_again(self._client, self._right, self._prefix, self._request.header):
                return None
            if not self._request.beside and isinstance(otherwise := self._not_there(), IndexIncompatible):
                raise otherwise
            session = self._begun(building=False)
            registry.register(self._right, session.generation)
            return session

        return self._right.while_held(made, self._request.patience) or self.open()
