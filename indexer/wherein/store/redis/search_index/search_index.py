"""The search index over the chunks of a generation: making it behind its alias, measuring it, dropping it."""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import ConfigError
from wherein.store.header import SCHEMA
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import chunk
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.redis_py import Client, Reply, pairs
from wherein.store.redis.keys import SLOTS, Keys
from wherein.store.redis.search_index.parameters import BEST, NEWEST_VECTORS, Parameters

SCHEMA_OPTIONS = ("NOOFFSETS", "NOHL", "NOFIELDS", "NOFREQS", "STOPWORDS", 0)
"""The index only knows which chunks hold a term: a quarter of the memory that it would take to know how often and
where. No stop words, since the server's contain `is`, `if`, `for`."""

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0
"""Seconds between two looks whether an index is filled: each takes the server 4 ms meanwhile."""

LEFT = 3
"""Indexes before the last that killed processes may have left."""

LONGEST_BUILD = 3600.0

_SIZES = (
    *("inverted_sz_mb", "vector_index_sz_mb", "offset_vectors_sz_mb", "doc_table_size_mb"),
    *("key_table_size_mb", "tag_overhead_sz_mb", "text_overhead_sz_mb"),
)


WRAPPED = float(1 << 44)
"""Megabytes. If more is subtracted than was counted, a counter of RediSearch 2.10 wraps round to this (seen when an
index was filled and emptied several times)."""

ALLOCATED = 1.44
"""What the index takes of the server's memory for each byte that FT.INFO counts (15,000 chunks: 1,574 and 1,093)."""


def create(client: Client, keys: Keys, build: int, vector_field: list[object]) -> None:
    """Make the `build`-th index over the chunks that are there and those to come."""
    fields: list[object] = [chunk.TERMS, "TEXT", "NOSTEM"]
    for name in (chunk.LANGUAGE, chunk.KIND, chunk.VERSION, chunk.NAMES):
        fields += (name, "TAG", "SEPARATOR", chunk.SEPARATOR, "CASESENSITIVE")
    client.execute_command(
        *("FT.CREATE", keys.index(build), "ON", "HASH", "PREFIX", 1, keys.indexed, *SCHEMA_OPTIONS),
        *("SCHEMA", *fields, chunk.VECTOR, *vector_field),
    )


def info(client: Client, name: str) -> dict[str, Any]:
    """FT.INFO as a dictionary."""
    return facts(client.execute_command("FT.INFO", name))


def facts(answer: Reply) -> dict[str, Any]:
    """An answer of FT.INFO as a dictionary."""
    return {key.decode(): value for key, value in pairs(answer).items()}


def size(known: Mapping[str, Any]) -> int:
    """Bytes that the index itself takes, by its FT.INFO."""
    return max(int(sum(_counted(known.get(name, 0)) for name in _SIZES) * (1 << 20) * ALLOCATED), 0)


def _counted(told: str | bytes | float) -> float:
    """Megabytes that a counter of a search index tells."""
    megabytes = float(told)
    return megabytes if megabytes < WRAPPED / 2 else megabytes - WRAPPED


def provide(client: Client, keys: Keys, parameters: Parameters, dimension: int) -> tuple[Parameters, str]:
    """Make sure that the slot of a generation without chunks has a fitting index; returns what that was made with, and
    its algorithm. NoPermissionError if one has to be made and this user may not."""
    known = made_with(client, keys)
    wanted = [
        replace(parameters, vectors=each) for each in ([parameters.vectors] if parameters.vectors else BEST)
    ]
    fits = _made_as(client, keys) in [_kind(each, dimension) for each in wanted]
    if known is not None and fits and _behind(client, keys) is not None:
        return replace(known[0], flat_up_to=parameters.flat_up_to), known[1]
    algorithm = parameters.algorithm(0)
    for each in wanted:
        try:
            make(client, keys, each, algorithm, dimension)
        except NoPermissionError:
            raise
        except ResponseError:
            if each.vectors != NEWEST_VECTORS:
                raise
        else:
            return each, algorithm
    raise ConfigError(
        f"The store's URL asks for vectors={NEWEST_VECTORS}, which its server does not support.",
        remedy="leave that out",
    )


def made_with(client: Client, keys: Keys) -> tuple[Parameters, str] | None:
    """What the index of a generation's slot was made with, and its algorithm; None if that is not known."""
    known = _noted(client, keys)
    if known is None:
        return None
    m, ef_construction, ef_runtime = map(int, known["numbers"].split())
    made = Parameters(m=m, ef_construction=ef_construction, ef_runtime=ef_runtime, vectors=known["vectors"])
    return made, known["algorithm"]


def _made_as(client: Client, keys: Keys) -> str:
    known = _noted(client, keys)
    return known["kind"] if known else ""


def _noted(client: Client, keys: Keys) -> re.Match[str] | None:
    found = client.hget(names.made(keys.prefix), keys.slot)
    return _MADE.fullmatch((found or b"").decode("ascii", "replace"))


_MADE = re.compile(r"(?P<kind>\S+/(?P<vectors>[a-z0-9]+)) (?P<algorithm>FLAT|HNSW) (?P<numbers>\d+ \d+ \d+)")


def _kind(parameters: Parameters, dimension: int) -> str:
    return f"{SCHEMA}/{dimension}/{parameters.vectors}"


def make(
    client: Client,
    keys: Keys,
    parameters: Parameters,
    algorithm: str,
    dimension: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Build another index of a slot over the chunks that are there, and let the alias name it; until then readers use
    the old one."""
    old = _behind(client, keys)
    builds = client.hget(names.made(keys.prefix), f"{keys.slot}:builds") or b""
    build = int(builds) + 1 if builds.isdigit() else 1
    while _exists(client, keys.index(build)):
        build += 1
    client.hset(names.made(keys.prefix), f"{keys.slot}:builds", build)
    create(client, keys, build, parameters.vector_field(algorithm, dimension))
    _wait_until_filled(client, keys.index(build), meanwhile)
    meanwhile()
    client.execute_command("FT.ALIASUPDATE", keys.alias, keys.index(build))
    made = f"{_kind(parameters, dimension)} {described(parameters, algorithm)}"
    client.hset(names.made(keys.prefix), str(keys.slot), made)
    for each in {old or "", *(keys.index(earlier) for earlier in range(max(build - LEFT, 1), build))} - {""}:
        _drop(client, each)


def described(parameters: Parameters, algorithm: str) -> str:
    """What an index is made with, as it is noted."""
    return f"{algorithm} {parameters.m} {parameters.ef_construction} {parameters.ef_runtime}"


def mend(client: Client, keys: Keys, parameters: Parameters, dimension: int) -> None:
    """Make the index again where the server lost its definition but not the chunks."""
    if _behind(client, keys) is None:
        algorithm = (client.hget(keys.meta, "algorithm") or b"FLAT").decode()
        make(client, keys, parameters, algorithm, dimension)


def drop_all(client: Client, prefix: str) -> None:
    """Drop every index of a repository; the chunks stay. A user who may not drop them leaves them, to be filled
    again."""
    with suppress(NoPermissionError):
        for slot in range(SLOTS):
            while (found := _behind(client, Keys(prefix, slot))) is not None:
                _drop(client, found)
        client.delete(names.made(prefix))


def dropped(client: Client, keys: Keys) -> bool:
    """Drop the index of a generation if this user may; whether it is gone."""
    try:
        while (found := _behind(client, keys)) is not None:
            _drop(client, found)
    except NoPermissionError:
        return False
    return True


def drop_unused(client: Client, prefix: str) -> int:
    """Drop indexes of slots, whole or half built, that are not the one in use; how many there were."""
    dropped = 0
    builds = client.hgetall(names.made(prefix))
    for slot in range(SLOTS):
        keys = Keys(prefix, slot)
        last = builds.get(f"{slot}:builds".encode(), b"")
        if last.isdigit() and (used := _behind(client, keys)) is not None:
            for build in range(max(int(last) - LEFT, 1), int(last) + 1):
                name = keys.index(build)
                dropped += name != used and _exists(client, name) and _drop(client, name)
    return dropped


def generation_found(client: Client, prefix: str, slot: int) -> int | None:
    """The generation of some chunk in a slot's index, even if the server has lost all else about it."""
    keys = Keys(prefix, slot)
    try:
        if not int(info(client, keys.alias)["num_docs"]):
            return None
        _, *some = client.execute_command(
            "FT.SEARCH", keys.alias, "*", "NOCONTENT", "LIMIT", 0, 1, "DIALECT", 2
        )
    except ResponseError as error:
        if is_missing_index(error):
            return None
        raise
    return int(some[0].removeprefix(keys.indexed.encode()).partition(b":")[0]) if some else None


def chunks_found(client: Client, keys: Keys, most: int) -> list[bytes]:
    """Keys of chunks of a generation that its slot's index still holds."""
    _, *some = client.execute_command(
        "FT.SEARCH", keys.alias, "*", "NOCONTENT", "LIMIT", 0, most, "DIALECT", 2
    )
    return [key for key in some if key.startswith(keys.chunks.encode())]


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


def _drop(client: Client, name: str) -> bool:
    """Whether it was there."""
    try:
        client.execute_command("FT.DROPINDEX", name)
    except ResponseError as error:
        if not is_missing_index(error):
            raise
        return False
    return True
