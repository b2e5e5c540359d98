"""A client for the keys of one repository, for what is done without an open store."""

from collections.abc import Iterator
from contextlib import contextmanager

from wherein.store.redis.connection.address import Target, parse
from wherein.store.redis.connection.connect import WRITE_TIMEOUT, connect
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.prefixes import repository_prefix


@contextmanager
def repository_client(url: str, repository: str) -> Iterator[tuple[Target, str, Client]]:
    """The target of a URL, the prefix of a repository's keys, and a client for them."""
    target = parse(url)
    prefix = repository_prefix(target.tenant, repository)
    with explained(target.shown):
        client: Client = connect(target, key=prefix, timeout=WRITE_TIMEOUT)
        try:
            yield target, prefix, client
        finally:
            client.close()
