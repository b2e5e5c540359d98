"""redis-py's connections, with one difference: what is asked together is sent in one piece.

redis-py sends a pipeline in pieces of 6 kB. A server begins to answer the first of them while the rest is on its way,
and the network sees several small questions instead of one.
"""

from collections.abc import Iterable

from redis.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection


class _Together(AbstractConnection):
    def pack_commands(self, commands: Iterable[Iterable[object]]) -> list[bytes]:
        """All of them as one piece."""
        return [b"".join(super().pack_commands(commands))]  # type: ignore[no-untyped-call]


class SocketConnection(_Together, UnixDomainSocketConnection):
    """Through a socket of this machine."""


class TCPConnection(_Together, Connection):
    """Through a network."""


class TLSConnection(_Together, SSLConnection):
    """Through a network, encrypted."""
