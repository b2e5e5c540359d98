"""Mending an index that may be too damaged to be opened: first what says what it was made with, then the rest."""

from collections.abc import Mapping

from redis.exceptions import ResponseError

from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import name_book
from wherein.store.redis.chunks.chunk import DTYPES
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.connection.repository_client import repository_client
from wherein.store.redis.damage.unreadable import UnreadableNote
from wherein.store.redis.generations import generation, registry
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right, right_to_write
from wherein.store.redis.search_index import search_index
from wherein.store.redis.search_index.parameters import BEST, chosen
from wherein.store.redis.session import COUNTED
from wherein.store.redis.store import RedisStore
from wherein.store.redis.trees.contents import to_bytes
from wherein.store.redis.upkeep.administration import WAIT

NUMBERS = ("versions", "chunks", "bytes", *name_book.FACTS, *COUNTED)
"""Of a generation's meta: what is counted."""


def mend(url: str, repository: str, header: Header, unreadable: UnreadableNote) -> None:
    """Restore what is missing or damaged of the index of a repository that is made with `header`.

    IndexMissing if there is none, StoreForbids, StoreUnreachable.
    """
    with (
        repository_client(url, repository) as (_, prefix, client),
        right_to_write(client, prefix) as right,
    ):

        def restore(told: object) -> None:
            if not registry.exists(client, prefix):
                raise generation.missing(repository)
            registry.make_usable(client, right, prefix)
            keys = _counting(client, right, prefix, header)
            if keys is not None:
                _restore_facts(client, right, keys, repository, header)
            else:
                registry.found_again(client, right, prefix, header)

        right.while_held(restore, WAIT)
    with RedisStore(url, repository, header, write=True) as store:
        store.mend()
    unreadable.forget()


def _counting(client: Client, right: Right, prefix: str, header: Header) -> Keys | None:
    """The generation that counts. If nothing of it is left, it does not count any more, and the answer is None."""
    number = registry.counting(client.hgetall(names.indexes(prefix))).get(registry.made_by(header))
    if number is None:
        return None
    keys = Keys(prefix, number)
    if client.exists(keys.meta, keys.versions):
        return keys
    registry.unregister(client, right, keys)
    return None


def _restore_facts(client: Client, right: Right, keys: Keys, repository: str, header: Header) -> None:
    """Write what is known about a generation wherever its meta says something else, or nothing."""
    held: Mapping[bytes, bytes] = {}
    try:
        held = client.hgetall(keys.meta)
    except ResponseError:  # it is no hash
        right.commit([("UNLINK", keys.meta)])
    parameters, algorithm = search_index.made_with(client, keys) or (chosen({}, {}), "FLAT")
    (seconds, _) = client.time()
    wanted: dict[str, bytes] = {
        "repository": to_bytes(repository),
        "schema": b"%d" % header.schema,
        "chunker": header.chunker.encode(),
        "tokenizer": header.tokenizer.encode(),
        "model": header.model.encode(),
        "dimension": b"%d" % header.dimension,
        "counts": registry.made_by(header).encode(),
        "m": b"%d" % parameters.m,
        "ef_construction": b"%d" % parameters.ef_construction,
        "ef_runtime": b"%d" % parameters.ef_runtime,
        "algorithm": algorithm.encode(),
    }
    if held.get(b"vectors", b"").decode("ascii", "replace") not in DTYPES:
        wanted["vectors"] = (parameters.vectors or BEST[-1]).encode()
    for name, other in (("flat_up_to", parameters.flat_up_to), ("begun", int(seconds))):
        if not held.get(name.encode(), b"").isdigit():
            wanted[name] = b"%d" % other
    for name in NUMBERS:
        value = held.get(name.encode())
        if value is not None and not value.isdigit():
            wanted[name] = b"%d" % int(seconds) if name == "epoch" else b"0"
    changed = {name: value for name, value in wanted.items() if held.get(name.encode()) != value}
    commands: list[tuple[object, ...]] = [("HDEL", keys.meta, "common", "common_made", "due")]
    if changed:
        commands.append(("HSET", keys.meta, *(word for pair in changed.items() for word in pair)))
    right.commit(commands)
