"""The search index over the chunks of a generation: made, measured, built anew behind its alias, dropped."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from redis.exceptions import ResponseError

from wherein.store.redis import chunk
from wherein.store.redis.client import Client, Reply
from wherein.store.redis.failures import is_missing_index
from wherein.store.redis.keys import Keys
from wherein.store.redis.parameters import Parameters, chosen
from wherein.store.redis.right import Right

WEIGHTS = {"s": 3, "p": 2, "d": 1, "b": 1}
"""What an occurrence counts in symbol, path, doc, body."""

SCHEMA_OPTIONS = ("NOOFFSETS", "NOHL", "STOPWORDS", 0)
"""No phrases and no highlighting: a tenth less memory. The server's stop words hold `is`, `if`, `for`."""

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two looks whether an index is filled: each takes the server 4 ms meanwhile."""

LONGEST_BUILD = 3600.0

_PARAMETERS = ("flat_up_to", "m", "ef_construction", "ef_runtime", "vectors")

_SIZES = (
    *("inverted_sz_mb", "vector_index_sz_mb", "offset_vectors_sz_mb", "doc_table_size_mb"),
    *("key_table_size_mb", "tag_overhead_sz_mb", "text_overhead_sz_mb"),
)


ALLOCATED = 1.55
"""What the index takes of the server's memory for each byte that FT.INFO counts (10,000 chunks: 2,130 and 1,360)."""


def create(client: Client, keys: Keys, build: int, vector_field: list[object]) -> None:
    """Make the `build`-th index over the chunks that are there and those to come."""
    fields: list[object] = []
    for name in chunk.STREAMS:
        fields += (name, "TEXT", "NOSTEM", "WEIGHT", WEIGHTS[name])
    for name in (chunk.LANGUAGE, chunk.KIND, chunk.VERSION, chunk.NAMES):
        fields += (name, "TAG", "SEPARATOR", chunk.SEPARATOR, "CASESENSITIVE")
    client.execute_command(
        *("FT.CREATE", keys.index(build), "ON", "HASH", "PREFIX", 1, keys.chunks, *SCHEMA_OPTIONS),
        *("SCHEMA", *fields, chunk.VECTOR, *vector_field),
    )


def info(client: Client, name: str) -> dict[str, Any]:
    """FT.INFO as a dictionary."""
    return facts(client.execute_command("FT.INFO", name))


def facts(answer: Reply) -> dict[str, Any]:
    """An answer of FT.INFO as a dictionary."""
    return {key.decode(): value for key, value in zip(answer[::2], answer[1::2], strict=True)}


def size(known: Mapping[str, Any]) -> int:
    """Bytes that the index itself takes, by its FT.INFO."""
    return int(sum(float(known.get(name, 0)) for name in _SIZES) * (1 << 20) * ALLOCATED)


def rebuild(
    client: Client, keys: Keys, parameters: Parameters, algorithm: str, dimension: int, right: Right
) -> None:
    """Build another index over the same chunks and let the alias name it; readers keep the old one until then."""
    build = int(right.commit([("HINCRBY", keys.meta, "built", 1)])[0])
    old = _behind(client, keys)
    create(client, keys, build, parameters.vector_field(algorithm, dimension))
    _wait_until_filled(client, keys.index(build), right.check)
    right.check()
    client.execute_command("FT.ALIASUPDATE", keys.alias, keys.index(build))
    built_with = {
        "algorithm": algorithm,
        "m": parameters.m,
        "ef_construction": parameters.ef_construction,
        "ef_runtime": parameters.ef_runtime,
        "flat_up_to": parameters.flat_up_to,
    }
    right.commit([("HSET", keys.meta, *(word for pair in built_with.items() for word in pair))])
    if old and old != keys.index(build):
        _drop(client, old)


def parameters(client: Client, keys: Keys, options: Mapping[str, str]) -> Parameters:
    """What the store's URL asks for, else what the index was built with.

    The vectors are stored as they are: another type of number takes a new generation (`wherein index --force`).
    """
    stored = zip(_PARAMETERS, client.hmget(keys.meta, _PARAMETERS), strict=True)
    asked = {name: value for name, value in options.items() if name != "vectors"}
    return chosen(asked, {name: value.decode() for name, value in stored if value is not None})


def is_due(client: Client, keys: Keys, options: Mapping[str, str]) -> bool:
    """Whether other parameters are asked for than the index was built with, or it has outgrown its algorithm."""
    return _due(client, keys, options) is not None


def rebuild_when_due(
    client: Client, keys: Keys, options: Mapping[str, str], dimension: int, right: Right
) -> None:
    """Build the index anew if it `is_due`, by who holds the right to write."""
    if (due := _due(client, keys, options)) is not None:
        rebuild(client, keys, *due, dimension, right)


def _due(client: Client, keys: Keys, options: Mapping[str, str]) -> tuple[Parameters, str] | None:
    wanted = parameters(client, keys, options)
    chunks, algorithm, *built = client.hmget(
        keys.meta, ["chunks", "algorithm", "m", "ef_construction", "ef_runtime"]
    )
    fitting = wanted.algorithm(int(chunks or 0))
    asked = [wanted.m, wanted.ef_construction, wanted.ef_runtime]
    other = fitting == "HNSW" and [int(value) for value in built] != asked
    return (wanted, fitting) if algorithm.decode() != fitting or other else None


def mend(client: Client, keys: Keys, parameters: Parameters, dimension: int) -> None:
    """Make the index again where the server lost its definition but not the chunks."""
    if _behind(client, keys) is not None:
        return
    build = int(client.hincrby(keys.meta, "built", 1))
    algorithm = (client.hget(keys.meta, "algorithm") or b"FLAT").decode()
    create(client, keys, build, parameters.vector_field(algorithm, dimension))
    _wait_until_filled(client, keys.index(build))
    client.execute_command("FT.ALIASUPDATE", keys.alias, keys.index(build))


def drop_all(client: Client, keys: Keys) -> None:
    """Drop every index that was ever built for a generation; the chunks stay."""
    last = int(client.hget(keys.meta, "built") or 1)
    for build in range(1, last + 1):
        _drop(client, keys.index(build))


def left_behind(client: Client, keys: Keys) -> bool:
    """Whether there is an index of a generation that nothing else is known of."""
    return _exists(client, keys.index(1)) or _behind(client, keys) is not None


def _exists(client: Client, name: str) -> bool:
    try:
        info(client, name)
    except ResponseError as error:
        if is_missing_index(error):
            return False
        raise
    return True


def _behind(client: Client, keys: Keys) -> str | None:
    try:
        name: bytes = info(client, keys.alias)["index_name"]
    except ResponseError as error:
        if is_missing_index(error):
            return None
        raise
    return name.decode()


def _wait_until_filled(client: Client, name: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + LONGEST_BUILD
    pause = FIRST_PAUSE
    while _filling(client, name) and time.monotonic() < deadline:
        time.sleep(pause)
        meanwhile()
        pause = min(1.5 * pause, LONGEST_PAUSE)


def _filling(client: Client, name: str) -> bool:
    return int(info(client, name).get("indexing", 0)) != 0


def _drop(client: Client, name: str) -> None:
    try:
        client.execute_command("FT.DROPINDEX", name)
    except ResponseError as error:
        if not is_missing_index(error):
            raise
