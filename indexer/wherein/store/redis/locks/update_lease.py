"""The lease of a view: one process brings it up to date, for as long as it renews the lease, and others wait.

Nothing depends on it: what is written is guarded by the right to write (`right_to_write.py`), and a view that
another process changed meanwhile is noticed by its record (`writing/view_change.py`).
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import RedisError

from wherein.store.redis import keys as names
from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.connect import WRITE_TIMEOUT, connect
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.pinned import PinnedConnection
from wherein.store.redis.connection.redis_py import Client, raise_errors
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.trees.contents import to_bytes

LEASE = 20.0
"""Seconds after which the lease of a killed process or a lost machine ends."""

RENEWED = 5.0
"""Seconds between renewals."""

POLL = 0.05

SHORTEST_TURN = 12.0
"""Seconds: the right to write of a killed process ends within them. Others write for one or two, but rebuild a graph
for minutes, which no search should wait for."""


class Lease:
    """A view's lease, as its holder knows it."""

    def __init__(self, client: Client, key: bytes, wait: float) -> None:
        self.client = client
        """also for writing under the lease"""
        self.patience = max(wait, SHORTEST_TURN)
        """seconds that its holder waits for a turn to write"""
        self._key = key
        self._token = os.urandom(10).hex().encode()
        self.proof = key, self._token
        """a key, and what stands under it while the lease is held"""
        self.lost = False
        """another process brings the view up to date now: its holder ends"""

    def take(self, greeting: Greeting | None = None) -> bool:
        """Get the lease if nobody has it. With a `greeting`, the client's first connection asks for it."""
        asked = ("SET", self._key, self._token, "NX", "GET", "PX", int(LEASE * 1000))
        if greeting is None:
            holder = self.client.execute_command(*asked)
        elif isinstance(holder := greeting.answer_first(self.client, *asked), Exception):
            raise holder
        return holder in (None, self._token)  # one's own: it was asked for twice, for an answer that was lost

    def renew(self) -> None:
        """Keep the lease; get it again if it expired and nobody took it, as after a sleep."""
        with PinnedConnection(self.client) as connection:
            _, holder = raise_errors(connection.ask([("WATCH", self._key), ("GET", self._key)]))
            if holder == self._token:
                connection.ask([("MULTI",), ("PEXPIRE", self._key, int(LEASE * 1000)), ("EXEC",)])
            elif holder is not None or not self.take():
                self.lost = True

    def give_back(self) -> None:
        """Give the lease back."""
        with PinnedConnection(self.client) as connection:
            _, holder = raise_errors(connection.ask([("WATCH", self._key), ("GET", self._key)]))
            if holder == self._token:
                connection.ask([("MULTI",), ("DEL", self._key), ("EXEC",)])


@contextmanager
def held(url: str, repository: str, view: str, wait: float) -> Iterator[Lease | None]:
    """Hold the lease of a view; None if it was not got within `wait` seconds."""
    target = parse(url)
    prefix = repository_prefix(target.tenant, repository)
    with explained(target.shown):
        greeting = Greeting()
        client: Client = connect(target, key=prefix, timeout=WRITE_TIMEOUT, greeting=greeting)
        lease = Lease(client, names.updating(prefix, to_bytes(view)), wait)
        deadline = time.monotonic() + max(wait, 0.0)
        got = lease.take(greeting)
        while not got and time.monotonic() < deadline:
            time.sleep(POLL)
            got = lease.take()
    ended = threading.Event()

    def renew() -> None:
        while not lease.lost and not ended.wait(RENEWED):
            with suppress(RedisError, OSError):
                lease.renew()

    renewing = threading.Thread(target=renew, daemon=True, name="wherein-lease")
    if got:
        renewing.start()
    try:
        yield lease if got else None
    finally:
        ended.set()
        if got:
            renewing.join()
            with suppress(RedisError, OSError):
                lease.give_back()
        client.close()
