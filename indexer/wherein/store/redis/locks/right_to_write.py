"""The right to write to a repository's index: one process holds it at a time, for one operation, and all get their
turn.

A transaction is carried out only while the holder's token is on the server (WATCH). A process that slept, or whose
server stood still, therefore writes nothing once another process has begun to. And whatever a writer has read since it
got the right is still true when its transaction is carried out, so that nothing else needs to be watched.

A token that was not renewed for LEASE seconds may be taken by anybody who wants to write. If nobody does, it stays for
KEPT seconds, and its holder goes on.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from redis.exceptions import ConnectionError, OutOfMemoryError, RedisError

from wherein.errors import StoreBusy
from wherein.quick_dataclass import dataclass
from wherein.store.redis import keys as names
from wherein.store.redis.connection.pinned import Command, PinnedConnection
from wherein.store.redis.connection.redis_py import Client, Reply, pairs, raise_errors
from wherein.store.redis.locks.queue import Queue

T = TypeVar("T")

LEASE = 10.0
"""Seconds after which others may take the right of a killed process or a lost machine."""

RENEWED = 3.0
"""Seconds after which a transaction renews it."""

KEPT = 60.0
"""Seconds after which the token of a killed process expires. The token names this number, so that others can tell from
the time left when it was last renewed; earlier versions wait until it expires."""

POLL, LONGEST_POLL = 0.02, 0.25
"""Seconds between two looks of the process that is next, and of one further back in the queue."""

COUNTS = 2.0
"""Seconds for which one look keeps a place in the queue: a killed process holds up the others for so long."""

RESENT = 5

ATTEMPTS = 5
"""How often an operation is begun, at least, before it is reported that others are in its way."""

PAUSE = 0.1
"""Seconds before an operation is begun again, times the attempt, up to LONGEST_PAUSE."""

LONGEST_PAUSE = 1.0


class Lost(Exception):
    """Another process writes now. Nothing of the transaction was carried out."""


@dataclass(slots=True)
class _Holding:
    """The right while it is held."""

    expected: bytes | None
    """what stands under the key meanwhile: nothing on a full server, which took no token"""
    renewed: float
    """when, by this process's clock"""
    armed: bool = False
    """the key is watched on this connection, and was as expected since"""


class Right:
    """This process's right to write, or its place in the queue. For one thread at a time."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._connection = PinnedConnection(client)
        self._key, self._queue = names.writing(prefix), names.waiting(prefix)
        self._token = b"%s %d" % (os.urandom(10).hex().encode(), _milliseconds(KEPT))
        self._holding: _Holding | None = None
        """while this process may write, as far as it knows"""
        self._queued = False
        """others were waiting when it was got last"""

    def while_held(
        self,
        act: Callable[[list[Reply]], T],
        wait: float,
        *,
        to_delete: bool = False,
        ask: Callable[[], Sequence[Command]] = tuple,
    ) -> T:
        """What `act` returns. It is given the answers to `ask`, and the right is `held` meanwhile. Both are called
        again if the right or the connection was lost: a transaction was carried out as a whole or not at all. A call
        within another `while_held` does not begin again by itself: the outer one does, which can get the right
        again."""
        if self._holding is not None:
            return act(self.ask(ask()))
        until, attempt = time.monotonic() + wait, 0
        while True:
            attempt += 1
            try:
                with self.held(wait, to_delete=to_delete, ask=ask()) as told:
                    return act(told)
            except ConnectionError:
                if attempt >= ATTEMPTS:
                    raise
            except Lost as lost:
                if attempt >= ATTEMPTS and time.monotonic() > until:
                    raise StoreBusy(
                        f"Writing was broken off {attempt} times, by others, or by a server that stood still.",
                        remedy="try again later",
                    ) from lost
            time.sleep(min(PAUSE * attempt, LONGEST_PAUSE))

    @contextmanager
    def held(
        self, wait: float, *, to_delete: bool = False, ask: Sequence[Command] = ()
    ) -> Iterator[list[Reply]]:
        """Hold the right; yields the answers to `ask`, from the moment it was got. StoreBusy after `wait` seconds.

        `to_delete`: a full server takes no token. Then nothing keeps others from writing, but a transaction is `Lost`
        as soon as one of them does.
        """
        try:
            yield self._take(wait, to_delete, ask)
        finally:
            self._leave()

    def ask(self, commands: Sequence[Command]) -> list[Reply]:
        """The answers to commands, while the right is held."""
        return raise_errors(self._connection.ask(commands)) if commands else []

    def commit(self, commands: Sequence[Command], *, last: bool = False) -> list[Reply]:
        """Carry out commands in one transaction, and give the right back with the `last` one; the answers.

        Lost if the right has ended. If the server refuses a command, that is raised, and nothing was carried out.
        """
        holding = self._held()
        for _ in range(RESENT):
            if not holding.armed:
                self._arm(self._connection.ask(self._watch()))
            holding.armed = False
            now, done = time.monotonic(), list(commands)
            renewed = not last and holding.expected is not None and now - holding.renewed > RENEWED
            if last and holding.expected is not None:
                done.append(("DEL", self._key))
            elif renewed:
                done.append(("PEXPIRE", self._key, _milliseconds(KEPT)))
            watched = [] if last else self._watch()
            answers = self._connection.ask([("MULTI",), *done, ("EXEC",), *watched])
            raise_errors(answers[1 : len(done) + 2])
            carried_out = answers[len(done) + 1]
            if carried_out is None:  # what is watched was touched, if only by what keeps it
                if watched:
                    self._arm(answers[-2:])
                continue
            raise_errors(carried_out)
            if last:
                self._holding = None
            else:
                if renewed:
                    holding.renewed = now
                with suppress(Lost):  # the next transaction says so
                    self._arm(answers[-2:])
            return list(carried_out[: len(commands)])
        raise Lost

    def check(self) -> None:
        """Lost if another one has the right."""
        self.commit([("GET", self._key)])

    def keep(self) -> None:
        """`check` and renew the right if that is due: for an operation that reads for long before its next
        transaction."""
        if time.monotonic() - self._held().renewed > RENEWED:
            self.check()

    def close(self) -> None:
        """Give the right back, and the connection."""
        self._leave()
        self._connection.close()

    def _watch(self) -> list[Command]:
        return [("WATCH", self._key), ("GET", self._key)]

    def _held(self) -> _Holding:
        if self._holding is None:
            raise Lost
        return self._holding

    def _arm(self, answers: Sequence[Reply]) -> None:
        raise_errors(answers)
        holding = self._held()
        if answers[-1] != holding.expected:
            raise Lost
        holding.armed = True

    def _take(self, wait: float, to_delete: bool, ask: Sequence[Command]) -> list[Reply]:
        """Get the right, if necessary by queueing for it; the answers to `ask`. StoreBusy after `wait` seconds."""
        if not self._queued and (found := self._at_once(ask)) is not None:
            return found
        deadline = time.monotonic() + wait
        place: bytes | None = None
        queue: Queue | None = None
        while True:
            queue = self._look(place, queue)
            before = queue.before(place)
            if queue.holder in (None, self._token) and not before:
                gone = queue.gone(place)
                if (found := self._got(gone, to_delete, ask)) is not None:
                    self._queued = len(queue.places) > len(gone)
                    return found
            elif not before and queue.has_ended(LEASE) and self._end():
                continue
            if queue.looked > deadline:
                self._give_up(place)
                raise StoreBusy("Others write to the index all the time.", remedy="try again later")
            place = place or f"{int(queue.now * 1e6):020d}:".encode() + self._token
            time.sleep(min(POLL * (1 + before), LONGEST_POLL))

    def _look(self, place: bytes | None, last: Queue | None) -> Queue:
        """Look who has the right and who waits, and keep our own `place` by the clock of the `last` look."""
        commands: list[Command] = [("UNWATCH",), *self._watch(), ("PTTL", self._key)]
        commands += [("HGETALL", self._queue), ("TIME",)]
        if place is not None and last is not None:
            until = last.now + time.monotonic() - last.looked + COUNTS
            commands.insert(0, ("HSET", self._queue, place, _milliseconds(until)))
        watched, holder, left, *told = self._connection.ask(commands)[-5:]
        raise_errors([watched, holder, *told])  # users of an earlier version may not ask what is left
        places, (seconds, microseconds) = told
        return Queue(holder, left, pairs(places), int(seconds) + int(microseconds) / 1e6, time.monotonic())

    def _end(self) -> bool:
        """Delete the watched token of a holder whose right has ended; False if it was touched meanwhile."""
        answers = self._connection.ask([("MULTI",), ("DEL", self._key), ("EXEC",)])
        raise_errors(answers)
        if answers[-1] is None:
            return False
        raise_errors(answers[-1])
        return True

    def _give_up(self, place: bytes | None) -> None:
        """Leave the queue. A token without an end is damaged and would last for ever: it gets one."""
        leave: list[Command] = [("PEXPIRE", self._key, _milliseconds(KEPT), "NX")]
        if place is not None:
            leave.append(("HDEL", self._queue, place))
        self._connection.ask(leave)

    def _at_once(self, ask: Sequence[Command]) -> list[Reply] | None:
        """Take the right where nobody has it or waits for it, in one round trip; the answers to `ask`."""
        asked_at = time.monotonic()
        answers = self._connection.ask(
            [
                ("UNWATCH",),
                ("SET", self._key, self._token, "NX", "PX", _milliseconds(KEPT)),
                *(("HGETALL", self._queue), ("TIME",), *ask, *self._watch()),
            ]
        )
        _, taken, queue, now, *asked = answers
        if isinstance(taken, OutOfMemoryError) or taken is None:
            return None
        self._holding = _Holding(self._token, asked_at)
        raise_errors(answers)
        self._arm(answers[-2:])
        if any(int(until) >= int(now[0]) * 1000 for until in queue[1::2]):
            self.commit([], last=True)
            return None
        return asked[:-2]

    def _got(self, gone: Sequence[bytes], to_delete: bool, ask: Sequence[Command]) -> list[Reply] | None:
        """Take the right, and leave the queue; the answers to `ask`, None if somebody was faster."""
        taken: list[Command] = [("SET", self._key, self._token, "PX", _milliseconds(KEPT))]
        if gone:
            taken.append(("HDEL", self._queue, *gone))
        asked_at = time.monotonic()
        answers = self._connection.ask([("MULTI",), *taken, ("EXEC",), *ask, *self._watch()])
        carried_out, *asked = answers[len(taken) + 1 : -2]
        expected: bytes | None = self._token
        try:
            raise_errors(answers[1 : len(taken) + 2])
        except OutOfMemoryError:
            if not to_delete:
                raise
            expected = None
        else:
            if carried_out is None:
                return None
        self._holding = _Holding(expected, asked_at)
        raise_errors(asked)
        self._arm(answers[-2:])
        return asked

    def _leave(self) -> None:
        """Let the next process write. Errors do not matter: the right expires by itself."""
        if self._holding is not None and self._holding.expected is not None:
            with suppress(RedisError, OSError, Lost):
                self.commit([], last=True)
        self._holding = None
        self._connection.release()


@contextmanager
def right_to_write(client: Client, prefix: str) -> Iterator[Right]:
    """The right to write to the repository whose keys begin with `prefix`: to be held, and given back in the end."""
    right = Right(client, prefix)
    try:
        yield right
    finally:
        right.close()


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
