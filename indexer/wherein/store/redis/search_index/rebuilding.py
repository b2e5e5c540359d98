"""Rebuilding a search index that has outgrown its algorithm, or for which other parameters are asked."""

from collections.abc import Mapping, Sequence

from redis.exceptions import NoPermissionError

from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.search_index import search_index
from wherein.store.redis.search_index.parameters import Parameters, chosen

_PARAMETERS = ("flat_up_to", "m", "ef_construction", "ef_runtime", "vectors")

DUE_FACTS = ("algorithm", "due", *_PARAMETERS)
"""What tells whether another index is due."""


def rebuild(
    client: Client, keys: Keys, parameters: Parameters, algorithm: str, dimension: int, right: Right
) -> None:
    """Build another index over the same chunks. If this user may not, the old one stays in use, and it is noted that
    another one is due."""
    built_with = {
        "algorithm": algorithm,
        "m": parameters.m,
        "ef_construction": parameters.ef_construction,
        "ef_runtime": parameters.ef_runtime,
        "flat_up_to": parameters.flat_up_to,
    }
    try:
        search_index.make(client, keys, parameters, algorithm, dimension, right.check)
    except NoPermissionError:
        right.commit([("HSET", keys.meta, "due", search_index.described(parameters, algorithm))])
        return
    words = (word for pair in built_with.items() for word in pair)
    right.commit([("HSET", keys.meta, *words), ("HDEL", keys.meta, "due")])


def parameters(client: Client, keys: Keys, options: Mapping[str, str]) -> Parameters:
    """What the store's URL asks for, else what the index was built with.

    The vectors are stored as they are: another type of number takes a new generation (`wherein index --force`).
    """
    return _parameters(client.hmget(keys.meta, _PARAMETERS), options)


def _parameters(values: Sequence[bytes | None], options: Mapping[str, str]) -> Parameters:
    stored = zip(_PARAMETERS, values, strict=True)
    asked = {name: value for name, value in options.items() if name != "vectors"}
    return chosen(asked, {name: value.decode() for name, value in stored if value is not None})


def is_due(facts: Sequence[bytes | None], chunks: int, options: Mapping[str, str]) -> bool:
    """Whether other parameters are asked for than an index of so many chunks was built with, or it has outgrown its
    algorithm; `facts` are what the generation's meta says of DUE_FACTS."""
    return _due(facts, chunks, options) is not None


def rebuild_when_due(
    client: Client,
    keys: Keys,
    options: Mapping[str, str],
    dimension: int,
    right: Right,
    *,
    again: bool = False,
) -> None:
    """Rebuild the index if that `is_due`, by the holder of the right to write; with `again` also if a user who may not
    do that has tried."""
    chunks, *facts = client.hmget(keys.meta, ["chunks", *DUE_FACTS])
    if (due := _due(facts, int(chunks or 0), options, again=again)) is not None:
        rebuild(client, keys, *due, dimension, right)


def _due(
    facts: Sequence[bytes | None], chunks: int, options: Mapping[str, str], *, again: bool = False
) -> tuple[Parameters, str] | None:
    algorithm, noted, *stored = facts
    wanted, built = _parameters(stored, options), _parameters(stored, {})
    fitting = wanted.algorithm(chunks)
    other = fitting == "HNSW" and _graph(wanted) != _graph(built)
    if (algorithm or b"").decode() == fitting and not other:
        return None
    if not again and noted is not None and noted.decode() == search_index.described(wanted, fitting):
        return None
    return wanted, fitting


def _graph(parameters: Parameters) -> tuple[int, int, int]:
    return parameters.m, parameters.ef_construction, parameters.ef_runtime
