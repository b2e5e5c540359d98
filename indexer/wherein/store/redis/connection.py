"""From a target to a redis-py client whose waiting is bounded."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wherein.store.redis.address import Target
from wherein.store.redis.lacking import lacks_redis

if TYPE_CHECKING:
    import redis

CONNECT_TIMEOUT = 1.0
"""Seconds for a connection to be made: a host that swallows packets is told within this time."""

READ_TIMEOUT = 5.0
"""Seconds for an answer to a reader: a query takes milliseconds, a busy server's pipeline tens of them."""

WRITE_TIMEOUT = 30.0
"""Seconds for an answer to a writer: room for a batch on a server that is rewriting its log."""

RETRIES = 2
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4
"""Seconds. A refused connection is given up after 0.15 to 0.3 s; redis-py's own defaults take 3.5."""

PROTOCOL = 2
"""RESP version. Answers of the search commands have other shapes in version 3."""


def connect(target: Target, *, key: str = "", timeout: float = READ_TIMEOUT) -> "redis.Redis":
    """A client with a pool of connections, none made yet; answers are bytes.

    In a cluster it speaks to the one master that holds `key` (or anything with its hash tag), and finds it anew after
    a failover. What is interrupted is sent again, so that every write must be one that may be repeated.
    ConfigError where redis-py is not installed.
    """
    try:
        import redis
        from redis.backoff import ExponentialWithJitterBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise lacks_redis() from error
    from wherein.store.redis.shard import ShardConnection, ShardTLSConnection

    options: dict[str, Any] = {
        "username": target.username,
        "password": target.password,
        "protocol": PROTOCOL,
        "decode_responses": False,
        "socket_timeout": target.timeout or timeout,
        "driver_info": None,  # CLIENT SETINFO would fill the server's ACL log for a user of few rights
        "redis_connect_func": _greet,
        "retry": Retry(
            ExponentialWithJitterBackoff(base=FIRST_PAUSE, cap=LONGEST_PAUSE),
            RETRIES,
            supported_errors=(redis.ConnectionError,),  # not what timed out: it would only do so again
        ),
    }
    kind: type[redis.Connection] | type[redis.UnixDomainSocketConnection]
    if target.socket:
        kind = redis.UnixDomainSocketConnection
        options["path"] = target.socket
    else:
        host, port = target.hosts[0]
        options |= {"host": host, "port": port}
        options["socket_connect_timeout"] = min(CONNECT_TIMEOUT, target.timeout or CONNECT_TIMEOUT)
        kind = redis.SSLConnection if target.tls else redis.Connection
    if target.tls:
        options |= {
            "ssl_ca_certs": target.ca,
            "ssl_certfile": target.certificate,
            "ssl_keyfile": target.key,
        }
    if target.cluster:
        kind = ShardTLSConnection if target.tls else ShardConnection
        options |= {"seeds": target.hosts, "key": key}
    return redis.Redis(connection_pool=redis.ConnectionPool(connection_class=kind, **options))


def _greet(connection: "redis.Connection") -> None:
    """Log in and hear one answer: what a server says unasked (too many clients, a TLS alert) comes first, and nothing
    is left to be read, which the pool would take for a broken connection."""
    from redis import ConnectionError, SSLConnection
    from redis.exceptions import ResponseError

    try:
        connection.on_connect()  # type: ignore[no-untyped-call]
        connection.send_command("PING", check_health=False)  # type: ignore[no-untyped-call]
        with suppress(ResponseError):  # such as MISCONF, which keeps nobody from reading
            connection.read_response()
    except ConnectionError as error:
        # A client of TLS 1.3 hears after the handshake that its certificate does not do, if it hears that at all.
        if type(error) is ConnectionError and isinstance(connection, SSLConnection):
            raise ConnectionError(f"TLS was broken off: {error}") from error
        raise
