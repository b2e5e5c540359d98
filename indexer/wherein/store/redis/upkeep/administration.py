"""What an administrator or CI does with a repository's indexes without a clone: going back, collecting."""

from wherein.errors import IndexMissing
from wherein.store.protocol import Collected, Header
from wherein.store.redis import keys as names
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.connection.repository_client import repository_client
from wherein.store.redis.generations import generation, registry
from wherein.store.redis.generations.registry import DAY
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import right_to_write
from wherein.store.redis.store import RedisStore
from wherein.store.redis.views.record import unpack_record
from wherein.store.undecodable import UNDECODABLE

WAIT = 60.0
"""Seconds to wait for the turn to write."""


def go_back(url: str, repository: str, header: Header) -> None:
    """Let the generation count again that was replaced last. IndexMissing if none is kept."""
    with repository_client(url, repository) as (_, prefix, client), right_to_write(client, prefix) as right:
        back: Keys | None = None

        def register(told: object) -> None:
            nonlocal back
            if (
                back is None
            ):  # on a second try it may be done already, and what it replaced would be the last one
                back = registry.replaced_last(client, prefix, header)
            found = None if back is None else registry.readable(client, back)
            if found is None:
                raise IndexMissing("No replaced index has been kept.", remedy="wherein index")
            registry.register(right, found)

        right.while_held(register, WAIT)


def collect(url: str, repository: str, unused_days: float | None) -> Collected:
    """See `open.collect_index`."""
    together = Collected(0, 0, 0)
    with repository_client(url, repository) as (_, prefix, client):
        if not registry.exists(client, prefix):
            raise IndexMissing(generation.missing(repository).message, remedy="wherein repo list")
        kept = registry.for_reading(prefix, client.hgetall(names.indexes(prefix)))
        understood = registry.understood(client, prefix)
        for keys in registry.generations(client, prefix):
            if unused_days is not None and kept not in (None, keys) and _is_unused(client, keys, unused_days):
                freed = _delete(client, keys)
            elif keys not in understood or (found := registry.readable(client, keys)) is None:
                continue  # of a version that knows itself what is in it
            else:
                with RedisStore(url, repository, found.header, write=True) as store:
                    if unused_days is not None:
                        _drop_unused(store, unused_days)
                    freed = store.collect()
            together += freed
        grace = registry.GRACE_DAYS if unused_days is None else min(registry.GRACE_DAYS, unused_days)
        with right_to_write(client, prefix) as right:
            right.while_held(
                lambda told: registry.delete_left_over(client, right, prefix, grace), WAIT, to_delete=True
            )
    return together


def _drop_unused(store: RedisStore, days: float) -> None:
    before = store.now() - days * DAY
    for record in store.views():
        if record.updated < before:
            store.drop_view(record.name)


def _is_unused(client: Client, keys: Keys, days: float) -> bool:
    """Whether nobody brought a view of a generation up to date for so long."""
    try:
        updated = [unpack_record(raw).updated for raw in client.hvals(keys.views)]
    except UNDECODABLE:
        return False
    now = float(client.time()[0])
    return max(updated, default=0.0) < now - days * DAY


def _delete(client: Client, keys: Keys) -> Collected:
    versions, chunks, size = (int(n or 0) for n in client.hmget(keys.meta, ["versions", "chunks", "bytes"]))
    with right_to_write(client, keys.prefix) as right:

        def delete(told: object) -> None:
            registry.unregister(client, right, keys)
            generation.delete(client, right, keys)

        right.while_held(delete, WAIT, to_delete=True)
    return Collected(versions, chunks, size)
