"""Which trees are stored, if only in part, and the commands that delete them."""

from collections.abc import Collection

from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.keys import Keys


def listed(client: Client, keys: Keys) -> set[str]:
    """All trees, and those of which only parts are left."""
    pipe = client.pipeline(transaction=False)
    whole, parted = pipe.smembers(keys.trees).smembers(keys.parted).execute()
    return {tree.decode("utf-8", "replace") for tree in whole | parted}


def deleted(keys: Keys, trees: Collection[str]) -> list[Command]:
    """The commands that delete trees."""
    return [("SREM", keys.trees, *trees), ("SREM", keys.parted, *trees), ("UNLINK", *keys.of_trees(trees))]
