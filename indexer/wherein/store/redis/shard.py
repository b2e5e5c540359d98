"""Connections to the one master of a cluster that holds a key.

A repository lives on one shard, so that a plain connection to its master does for everything, pipelines and
transactions included. When the master is another one since, the server says so, and the connection is made anew.
"""

# ruff: noqa: ANN401 - the arguments are redis-py's and passed on as they come

from typing import Any

from redis import Redis
from redis.connection import Connection, SSLConnection
from redis.crc import key_slot
from redis.exceptions import ClusterDownError, ConnectionError, MovedError, ReadOnlyError, RedisError

Address = tuple[str, int]


class ShardConnection(Connection):
    """A connection to the master of `key`'s slot, which any of `seeds` or of the nodes seen later knows."""

    def __init__(self, *, seeds: tuple[Address, ...], key: str, **options: Any) -> None:
        self._slot = key_slot(key.encode())
        self._nodes = list(seeds)
        self._asking: dict[str, Any] = {
            name: options[name]
            for name in (
                *("username", "password", "protocol", "socket_connect_timeout", "socket_timeout"),
                *("driver_info", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"),
            )
            if name in options
        } | {"ssl": isinstance(self, SSLConnection), "retry": None}
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def _connect(self) -> Any:
        self.host, self.port = self._master()
        return super()._connect()  # type: ignore[no-untyped-call]

    def _master(self) -> Address:
        """The address of the slot's master, by the first node that answers."""
        failure: RedisError = ConnectionError("no node of the cluster is known")
        for host, port in list(self._nodes):
            try:
                with Redis(host=host, port=port, **self._asking) as node:
                    ranges = node.execute_command("CLUSTER SLOTS", NEVER_DECODE=True)
            except RedisError as error:
                failure = error
                continue
            found = _parsed(ranges, host)
            known = [address for _, _, master, replicas in found for address in (master, *replicas)]
            self._nodes = list(dict.fromkeys((*known, *self._nodes)))
            for first, last, master, _ in found:
                if first <= self._slot <= last:
                    return master
            failure = ConnectionError("CLUSTERDOWN Hash slot not served")
        raise failure

    def read_response(self, *arguments: Any, **options: Any) -> Any:
        """Read one answer; ConnectionError, which is tried again elsewhere, when it is not the master any more."""
        try:
            return super().read_response(*arguments, **options)
        except (MovedError, ReadOnlyError, ClusterDownError) as error:
            self.disconnect()  # type: ignore[no-untyped-call]
            raise ConnectionError(f"{error}") from error


class ShardTLSConnection(ShardConnection, SSLConnection):
    """The same over TLS."""


def _parsed(ranges: Any, asked: str) -> list[tuple[int, int, Address, list[Address]]]:
    """CLUSTER SLOTS as (first slot, last slot, master, replicas); a node without a name is where we asked."""
    result = []
    for first, last, *nodes in ranges:
        addresses = [((host or asked.encode()).decode(), int(port)) for host, port, *_ in nodes]
        result.append((int(first), int(last), addresses[0], addresses[1:]))
    return result
