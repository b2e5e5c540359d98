"""A whole garbage collection, in steps between which others get their turn to write."""

from wherein.store.protocol import Collected
from wherein.store.redis.generations import registry
from wherein.store.redis.open_generation import OpenGeneration
from wherein.store.redis.upkeep import garbage
from wherein.store.redis.upkeep.counts import Tally


def collect(index: OpenGeneration, prefix: str) -> Collected:
    """Delete what no view shows, and the generations that nobody needs, of the repository whose keys begin with
    `prefix`."""
    together = Collected(0, 0, 0)
    owed = Tally()
    while True:
        freed = index.written(lambda session: garbage.collect(session, index.right, owed), to_delete=True)
        together += Collected(freed.versions, freed.chunks, freed.bytes)
        if not freed.more:
            break
    index.written(
        lambda session: registry.delete_left_over(index.client, index.right, prefix), to_delete=True
    )
    return together
