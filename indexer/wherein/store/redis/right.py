"""The right to write to a repository's index: one process has it at a time, for one operation, and all get it in turn.

Its token stands on the server for some seconds. Every transaction is carried out only while it does (WATCH), so that
who slept, or whose server stood still, writes nothing after another one began to. What a writer has read since it got
the right is therefore still so when its transaction is carried out, and nothing else needs to be watched.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from redis.exceptions import OutOfMemoryError, RedisError

from wherein.errors import StoreBusy
from wherein.store.redis import keys as names
from wherein.store.redis.client import Client, Reply
from wherein.store.redis.line import Command, Line, refused

LEASE = 10.0
"""Seconds after which the right of a killed process or a lost machine ends. Longer than any one transaction."""

RENEWED = 3.0
"""Seconds after which a transaction renews it."""

POLL, LONGEST_POLL = 0.02, 0.25
"""Seconds between two looks of who is next, and of who is further back in the queue."""

COUNTS = 2.0
"""Seconds that one look keeps a place in the queue: who was killed holds the others up for so long."""

RESENT = 5


class Lost(Exception):
    """Another process writes now. Nothing of the transaction was carried out."""


class Right:
    """This process's right to write, or its place in the queue. For one thread at a time."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._line = Line(client)
        self._key, self._queue = names.writing(prefix), names.waiting(prefix)
        self._token = os.urandom(10).hex().encode()
        self._expected: bytes | None = self._token
        """what stands under the key while this process may write"""
        self._armed = False
        """the key is watched on this connection, and was as expected since"""
        self._held = False
        self._queued = False
        """others waited for it, when it was got last"""
        self._renewed = 0.0

    @contextmanager
    def held(
        self, wait: float, *, to_delete: bool = False, ask: Sequence[Command] = ()
    ) -> Iterator[list[Reply]]:
        """Hold the right; the answers to `ask`, of when it was got. StoreBusy where that takes longer than `wait`.

        `to_delete`: a full server takes no token; then others are only kept from writing at the same time, and a
        transaction is `Lost` as soon as one of them does.
        """
        if self._held:  # by a caller
            yield self.ask(ask)
            return
        answers = self._take(wait, to_delete, ask)
        try:
            yield answers
        finally:
            self._leave()

    def ask(self, commands: Sequence[Command]) -> list[Reply]:
        """Answers, by who holds it."""
        refused(answers := self._line.ask(commands) if commands else [])
        return answers

    def commit(self, commands: Sequence[Command], *, last: bool = False) -> list[Reply]:
        """Carry out commands in one transaction, and give the right back with the `last` one; the answers.

        Lost where the right ended; whatever the server refuses, and then nothing was carried out.
        """
        for _ in range(RESENT):
            if not self._armed:
                self._arm(self._line.ask(self._watch()))
            self._armed = False
            done = list(commands)
            if last and self._expected is not None:
                done.append(("DEL", self._key))
            elif self._expected is not None and time.monotonic() - self._renewed > RENEWED:
                done.append(("PEXPIRE", self._key, _milliseconds(LEASE)))
            watched = [] if last else self._watch()
            answers = self._line.ask([("MULTI",), *done, ("EXEC",), *watched])
            refused(answers[1 : len(done) + 2])
            carried_out = answers[len(done) + 1]
            if carried_out is None:  # what is watched was touched, if only by what keeps it
                if watched:
                    self._arm(answers[-2:])
                continue
            refused(carried_out)
            if last:
                self._held = False
            else:
                self._renewed = time.monotonic()
                with suppress(Lost):  # the next transaction says so
                    self._arm(answers[-2:])
            return list(carried_out[: len(commands)])
        raise Lost

    def check(self) -> None:
        """Lost where the right ended; renewed where it did not."""
        self.commit([("GET", self._key)])

    def close(self) -> None:
        """Give the right back, and the connection."""
        self._leave()
        self._line.close()

    def _watch(self) -> list[Command]:
        return [("WATCH", self._key), ("GET", self._key)]

    def _arm(self, answers: Sequence[Reply]) -> None:
        refused(answers)
        if answers[-1] != self._expected:
            raise Lost
        self._armed = True

    def _take(self, wait: float, to_delete: bool, ask: Sequence[Command]) -> list[Reply]:
        if not self._queued and (found := self._at_once(ask)) is not None:
            return found
        deadline = time.monotonic() + wait
        place: bytes | None = None
        now = looked = 0.0
        while True:
            look: list[Command] = [("UNWATCH",), *self._watch(), ("HGETALL", self._queue), ("TIME",)]
            if place is not None:
                until = now + time.monotonic() - looked + COUNTS
                look.insert(0, ("HSET", self._queue, place, _milliseconds(until)))
            answers = self._line.ask(look)[-4:]
            refused(answers)
            _, holder, queue, (seconds, microseconds) = answers
            now, looked = int(seconds) + int(microseconds) / 1e6, time.monotonic()
            others = dict(zip(queue[::2], queue[1::2], strict=True))
            before = sum(1 for each, until in others.items() if _is_before(each, until, place, now))
            if holder in (None, self._token) and not before:
                gone = [each for each, until in others.items() if each == place or int(until) < now * 1000]
                if (found := self._got(gone, to_delete, ask)) is not None:
                    self._queued = len(others) > len(gone)
                    return found
            if looked > deadline:
                # One without an end is damaged, and would last for ever; of another one this changes nothing.
                leave: list[Command] = [("PEXPIRE", self._key, _milliseconds(LEASE), "NX")]
                if place is not None:
                    leave.append(("HDEL", self._queue, place))
                self._line.ask(leave)
                raise StoreBusy("Others write to the index all the time.", remedy="try again later")
            place = place or f"{int(now * 1e6):020d}:".encode() + self._token
            time.sleep(min(POLL * (1 + before), LONGEST_POLL))

    def _at_once(self, ask: Sequence[Command]) -> list[Reply] | None:
        """Take the right where nobody has it or waits for it, in one round trip; the answers to `ask`."""
        self._expected = self._token
        answers = self._line.ask(
            [
                ("UNWATCH",),
                ("SET", self._key, self._token, "NX", "PX", _milliseconds(LEASE)),
                *(("HGETALL", self._queue), ("TIME",), *ask, *self._watch()),
            ]
        )
        _, taken, queue, now, *asked = answers
        if isinstance(taken, OutOfMemoryError) or taken is None:
            return None
        refused(answers)
        self._held, self._renewed = True, time.monotonic()
        self._arm(answers[-2:])
        if any(int(until) >= int(now[0]) * 1000 for until in queue[1::2]):
            self.commit([], last=True)
            return None
        return asked[:-2]

    def _got(self, gone: Sequence[bytes], to_delete: bool, ask: Sequence[Command]) -> list[Reply] | None:
        """Take the right, and leave the queue; the answers to `ask`, None where somebody was faster."""
        taken: list[Command] = [("SET", self._key, self._token, "PX", _milliseconds(LEASE))]
        if gone:
            taken.append(("HDEL", self._queue, *gone))
        answers = self._line.ask([("MULTI",), *taken, ("EXEC",), *ask, *self._watch()])
        carried_out, *asked = answers[len(taken) + 1 : -2]
        self._expected = self._token
        try:
            refused(answers[1 : len(taken) + 2])
        except OutOfMemoryError:
            if not to_delete:
                raise
            self._expected = None
        else:
            if carried_out is None:
                return None
        refused(asked)
        self._held = True
        self._renewed = time.monotonic()
        self._arm(answers[-2:])
        return asked

    def _leave(self) -> None:
        """Let the next one write. What goes wrong is no matter: the right ends by itself."""
        if self._held and self._expected is not None:
            with suppress(RedisError, OSError, Lost):
                self.commit([], last=True)
        self._held = self._armed = False
        self._line.release()


def _is_before(each: bytes, until: bytes, place: bytes | None, now: float) -> bool:
    """Whether another's place in the queue counts and is before one's own; who has none stands at the end."""
    return int(until) >= now * 1000 and each != place and (place is None or each < place)


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
