"""Connections to the one master of a cluster that holds a key.

A repository lives on one shard, so that a plain connection to its master does for everything, pipelines and
transactions included. If another node is the master by now, the server says so, and a new connection is made.
"""

# ruff: noqa: ANN401 - the arguments are redis-py's and passed on as they come

from collections.abc import Callable
from threading import Lock
from typing import Any

from redis.crc import key_slot
from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError,
    MovedError,
    ReadOnlyError,
    RedisError,
    TimeoutError,
    TryAgainError,
)

from wherein.store.redis.connection.sockets import TCPConnection, TLSConnection

LOST = ("refused", "Timeout connecting", "unreachable", "No route")
"""In the errors about a node that is not there."""

Address = tuple[str, int]


class Shards:
    """Which master serves which slot, by the first node that answers; asked again after a connection was lost."""

    def __init__(self, seeds: tuple[Address, ...], ask: Callable[[Address], Any]) -> None:
        """`ask` gives a node's answer to CLUSTER SLOTS."""
        self._ask = ask
        self._nodes = list(seeds)
        self._ranges: list[tuple[int, int, Address]] = []
        self._lock = Lock()

    def master(self, slot: int) -> Address:
        """The address of a slot's master. ConnectionError if none is known."""
        with self._lock:
            found = self._find(slot)
            if found is None:
                self._look(slot)
                found = self._find(slot)
            if found is None:
                raise ConnectionError(f"CLUSTERDOWN Hash slot not served (slot {slot})")
            return found

    def forget(self) -> None:
        """Ask again before the next connection: something has changed."""
        with self._lock:
            self._ranges = []

    def _find(self, slot: int) -> Address | None:
        return next((master for first, last, master in self._ranges if first <= slot <= last), None)

    def _look(self, slot: int) -> None:
        failure: RedisError = ConnectionError("no node of the cluster is known")
        for address in list(self._nodes):
            try:
                found = _parsed(self._ask(address), address[0])
            except RedisError as error:
                failure = error
                continue
            known = [address for _, _, master, replicas in found for address in (master, *replicas)]
            self._nodes = list(dict.fromkeys((*known, *self._nodes)))
            self._ranges = [(first, last, master) for first, last, master, _ in found]
            if self._find(slot) is not None:
                return
            failure = ConnectionError(f"CLUSTERDOWN Hash slot not served (slot {slot})")
        raise failure


class ShardConnection(TCPConnection):
    """A connection to the master of `key`'s slot, wherever that is when it is made."""

    def __init__(self, *, shards: Shards, key: str, **options: Any) -> None:
        self._shards = shards
        self._slot = key_slot(key.encode())
        self._made = False
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def connect_check_health(self, *arguments: Any, **options: Any) -> None:
        """Connect, if that is not done yet."""
        if self._made:
            return
        self.host, self.port = self._shards.master(self._slot)
        try:
            super().connect_check_health(*arguments, **options)
        except (RedisError, OSError) as error:
            self._shards.forget()
            if type(error) in (ConnectionError, TimeoutError) and any(word in str(error) for word in LOST):
                lost = f"Shard lost: {error} (slot {self._slot}, whose master is {self.host}:{self.port})"
                raise type(error)(lost) from error
            raise
        self._made = True

    def disconnect(self, *arguments: Any, **options: Any) -> None:
        """Let go of the server."""
        self._made = False
        super().disconnect(*arguments, **options)  # type: ignore[no-untyped-call]

    def read_response(self, *arguments: Any, **options: Any) -> Any:
        """Read one answer. ConnectionError, after which another node is tried, if this is not the master any more, or
        if keys are being moved and it has only some of them."""
        try:
            return super().read_response(*arguments, **options)
        except (MovedError, AskError, TryAgainError, ReadOnlyError, ClusterDownError) as error:
            self.disconnect()
            self._shards.forget()
            moves = not isinstance(error, ReadOnlyError | ClusterDownError)
            says = f"Slot {self._slot} is moved: {error}" if moves else f"{error}"
            raise ConnectionError(says) from error
        except ConnectionError:
            self._shards.forget()
            raise


class ShardTLSConnection(ShardConnection, TLSConnection):
    """The same over TLS."""


def _parsed(ranges: Any, asked: str) -> list[tuple[int, int, Address, list[Address]]]:
    """CLUSTER SLOTS as (first slot, last slot, master, replicas); a node without a name is where we asked."""
    result = []
    for first, last, *nodes in ranges:
        addresses = [((host or asked.encode()).decode(), int(port)) for host, port, *_ in nodes]
        result.append((int(first), int(last), addresses[0], addresses[1:]))
    return result
