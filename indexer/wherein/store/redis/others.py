"""The other indexes of a repository: for other versions of wherein and other models, and those that were made anew."""

from typing import Literal

from wherein.status import OtherIndex
from wherein.store.header import differences
from wherein.store.protocol import Header
from wherein.store.redis import catalogue, registry
from wherein.store.redis import keys as names
from wherein.store.redis.client import Client
from wherein.store.redis.generation import Generation
from wherein.store.redis.keys import Keys
from wherein.store.redis.views import unpack_record
from wherein.store.undecodable import UNDECODABLE


def others(client: Client, own: Keys, header: Header) -> list[OtherIndex]:
    """All but one's own, the one that was begun last first. Those that cannot be read are left out."""
    pipe = client.pipeline(transaction=False)
    counting, gone = pipe.hgetall(names.indexes(own.prefix)).hgetall(names.replaced(own.prefix)).execute()
    kept = registry.when_replaced(gone)
    numbers = {*registry.counting(counting).values(), *kept} - {own.generation}
    found = []
    for number in sorted(numbers, reverse=True):
        keys = Keys(own.prefix, number)
        if (made := registry.readable(client, keys)) is not None:
            found.append(_told(client, made, header, replaced=number in kept))
    return found


def _told(client: Client, made: Generation, header: Header, *, replaced: bool) -> OtherIndex:
    records = client.hvals(made.keys.views)
    try:
        updated = max((unpack_record(raw).updated for raw in records), default=None)
    except UNDECODABLE:
        updated = None
    return OtherIndex(
        made_with=differences(made.header, header),
        age=_age(made.header, header),
        chunks=int(client.hget(made.keys.meta, "chunks") or 0),
        bytes=catalogue.stored_bytes(client, made.keys),
        views=len(records),
        updated=updated,
        replaced=replaced,
    )


def _age(found: Header, own: Header) -> Literal["newer", "older", "as old"]:
    theirs, ours = registry.version(found), registry.version(own)
    if theirs == ours:
        return "as old"
    return "newer" if theirs > ours else "older"
