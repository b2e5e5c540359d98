"""Making a redis-py client for a target, with bounds on how long it waits."""

from typing import TYPE_CHECKING, Any

from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.missing_package import lacks_redis

if TYPE_CHECKING:
    import redis

    from wherein.store.redis.connection.cluster_shard import Shards

CONNECT_TIMEOUT = 1.0
"""Seconds for making a connection: a host that swallows packets is reported within this time."""

READ_TIMEOUT = 5.0
"""Seconds for an answer to a reader: a query takes milliseconds, a busy server's pipeline tens of them."""

WRITE_TIMEOUT = 30.0
"""Seconds for an answer to a writer: room for a batch on a server that is rewriting its log."""

RETRIES = 2
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4
"""Seconds. A refused connection is given up after 0.15 to 0.3 s; redis-py's own defaults take 3.5."""

PROTOCOL = 2
"""RESP version. Answers of the search commands have other shapes in version 3."""


def connect(
    target: Target, *, key: str = "", timeout: float = READ_TIMEOUT, greeting: Greeting | None = None
) -> "redis.Redis":
    """A client with a pool of connections, none of them made yet; answers are bytes.

    In a cluster it speaks to the one master that holds `key` (or anything with its hash tag), and looks for it again
    after a failover. Interrupted commands are sent again, so every write must be one that may be repeated. `greeting`
    is what each new connection asks. ConfigError if redis-py is not installed.
    """
    try:
        import redis
    except ImportError as error:
        raise lacks_redis() from error
    from wherein.store.redis.connection import sockets

    options = _options(target, timeout, greeting or Greeting())
    if target.socket:
        pool = redis.ConnectionPool(connection_class=sockets.SocketConnection, path=target.socket, **options)
        return redis.Redis(connection_pool=pool)
    kind: type[redis.Connection] = sockets.TLSConnection if target.tls else sockets.TCPConnection
    if target.cluster:
        from wherein.store.redis.connection.cluster_shard import ShardConnection, ShardTLSConnection

        kind = ShardTLSConnection if target.tls else ShardConnection
        options |= {"shards": shards(target, timeout), "key": key}
    else:
        options |= {"host": target.hosts[0][0], "port": target.hosts[0][1]}
    return redis.Redis(connection_pool=redis.ConnectionPool(connection_class=kind, **options))


def shards(target: Target, timeout: float = READ_TIMEOUT) -> "Shards":
    """Where the slots of a cluster are."""
    import redis

    from wherein.store.redis.connection.cluster_shard import Shards

    def ask(node: tuple[str, int]) -> object:
        greeting = Greeting("CLUSTER", "SLOTS")
        kind = redis.SSLConnection if target.tls else redis.Connection
        options = _options(target, timeout, greeting) | {"host": node[0], "port": node[1], "retry": None}
        with redis.Redis(connection_pool=redis.ConnectionPool(connection_class=kind, **options)) as client:
            return greeting.answer(client)

    return Shards(target.hosts, ask)


def _options(target: Target, timeout: float, greeting: Greeting) -> dict[str, Any]:
    import redis
    from redis.backoff import ExponentialWithJitterBackoff
    from redis.retry import Retry

    greeting.log_in(target.username, target.password)
    options: dict[str, Any] = {
        "protocol": PROTOCOL,
        "decode_responses": False,
        "socket_timeout": target.timeout or timeout,
        "driver_info": None,  # CLIENT SETINFO would fill the server's ACL log for a user of few rights
        "redis_connect_func": greeting,
        "retry": Retry(
            ExponentialWithJitterBackoff(base=FIRST_PAUSE, cap=LONGEST_PAUSE),
            RETRIES,
            supported_errors=(redis.ConnectionError,),  # not what timed out: it would only do so again
        ),
    }
    if not target.socket:
        options["socket_connect_timeout"] = min(CONNECT_TIMEOUT, target.timeout or CONNECT_TIMEOUT)
    if target.tls:
        options |= {
            "ssl_ca_certs": target.ca,
            "ssl_certfile": target.certificate,
            "ssl_keyfile": target.key,
        }
    return options
