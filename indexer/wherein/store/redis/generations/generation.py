"""A generation of a repository's index: what it is made with, how it begins, and how it is deleted."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, fields
from typing import Any

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import IndexDamaged, IndexMissing
from wherein.quick_dataclass import dataclass
from wherein.store.header import MEND
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import name_book
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.deep import on_server
from wherein.store.redis.generations import former_schemas
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.search_index import rebuilding, search_index
from wherein.store.redis.search_index.parameters import Parameters
from wherein.store.redis.trees import stored_trees
from wherein.store.redis.trees.contents import to_bytes, to_name
from wherein.store.undecodable import UNDECODABLE

DELETED_AT_ONCE = 200
"""Keys. A reader waits a millisecond for so many."""

DELETED_FROM_A_GRAPH = 10
"""Keys. Taking a chunk out of a graph takes the server 0.75 ms, of an index that is scanned 0.01."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The facts in the `meta` of a generation that never change."""

    keys: Keys
    repository: str
    header: Header
    vectors: str
    """the type of the vectors' numbers"""


FACTS = ("repository", *(field.name for field in fields(Header)), "vectors")
"""What `parsed` wants to know of a generation's meta."""


MARKED = "marked"
"""The field of a generation's meta that says that its lists hold their MARK."""


def read(client: Client, keys: Keys) -> Generation | None:
    """A generation's facts; None if it is gone."""
    return parsed(keys, client.hmget(keys.meta, FACTS))


def parsed(keys: Keys, found: Sequence[Any]) -> Generation | None:
    """A generation, as its meta says; None if it is gone."""
    if any(value is None for value in found):
        return None
    repository, schema, chunker, tokenizer, model, dimension, vectors = found
    try:
        header = Header(int(schema), chunker.decode(), tokenizer.decode(), model.decode(), int(dimension))
    except ValueError:
        raise IndexDamaged("The index in the store has a header that cannot be read.", remedy=MEND) from None
    return Generation(keys, to_name(repository), header, vectors.decode())


def missing(repository: str) -> IndexMissing:
    """The error for a repository of which the store holds nothing."""
    return IndexMissing(f"{repository} is not indexed in the store yet.", remedy="wherein index")


def headless(repository: str) -> IndexDamaged:
    """The error for a generation that counts, but of which the store has lost what it was made with."""
    return IndexDamaged(f"The store has lost what the index of {repository} was made with.", remedy=MEND)


def not_added(repository: str) -> IndexMissing:
    """The error for a user who may index, but not make a search index."""
    return IndexMissing(
        f"{repository} was not added to the store for this version of wherein, and this user may not add it.",
        remedy=f"ask the store's administrator for `wherein repo add {repository}`",
    )


def begin(
    client: Client,
    right: Right,
    keys: Keys,
    repository: str,
    header: Header,
    wanted: Parameters,
    builder: tuple[bytes, bytes] | None = None,
) -> Generation:
    """Make an empty generation, which does not count yet, by the holder of the right to write. IndexMissing if it needs
    a search index that this user may not make. `builder`: a key, and its value while the generation is being built."""
    try:
        parameters, algorithm = search_index.provide(client, keys, wanted, header.dimension)
    except NoPermissionError as error:
        raise not_added(repository) from error
    values: dict[str, object] = dict(
        zip((field.name for field in fields(Header)), astuple(header), strict=True)
    )
    values |= {"repository": to_bytes(repository), "vectors": parameters.vectors}
    values |= {"algorithm": algorithm, "m": parameters.m, "ef_construction": parameters.ef_construction}
    values |= {"ef_runtime": parameters.ef_runtime, "flat_up_to": parameters.flat_up_to}
    values["begun"] = client.time()[0]
    if builder is not None:
        values["builder_key"], values["builder"] = builder
    right.commit(
        [
            ("SET", names.counter(keys.prefix), keys.generation),
            ("SADD", names.begun(keys.prefix), keys.generation),
            ("HSET", keys.meta, *(word for pair in values.items() for word in pair)),
            *mark(keys),
        ]
    )
    return Generation(keys, repository, header, parameters.vectors)


def mark(keys: Keys, named: Iterable[str] = ()) -> list[Command]:
    """The commands that begin the lists of a generation, so that a lost list can be told from an empty one; `named` are
    the entries of its name book."""
    return [
        ("HSET", keys.frequencies, names.MARK, 0),
        *name_book.made(keys, named),
        ("HSET", keys.meta, MARKED, 1),
    ]


def delete(client: Client, right: Right, keys: Keys) -> None:
    """Delete a generation of any schema. The search index of its slot stays for the next one.

    If the list of what is stored was evicted or is damaged, that index is searched for chunks, and all keys of the
    server for the rest, if this user may do that.
    """
    right.check()
    if not keys.index_stays:
        search_index.dropped(client, keys)  # a user who may not drop it leaves it empty
    whole = bool(client.exists(keys.versions))
    try:
        doomed = _listed(client, keys)
    except (*UNDECODABLE, ResponseError):
        doomed, whole = [], False
    graph = _graph(client, keys)
    dropped = graph is not None and search_index.dropped(client, keys)
    at_once = DELETED_AT_ONCE if graph is None or dropped else DELETED_FROM_A_GRAPH
    for start in range(0, len(doomed), at_once):
        right.commit([("UNLINK", *doomed[start : start + at_once])])
    lists = (
        keys.versions,
        keys.pending,
        keys.trees,
        keys.parted,
        keys.views,
        keys.frequencies,
        keys.names,
        *former_schemas.more_lists(keys),
    )
    right.commit([("UNLINK", *lists, *on_server.keys_of(client, keys), keys.meta)])
    if _chunks_left(client, right, keys) or not whole:
        with suppress(NoPermissionError):
            _sweep(client, right, keys)
    if graph is not None and dropped:
        search_index.provide(client, keys, *graph)
    right.commit([("SREM", keys.listed, keys.generation)])


def _graph(client: Client, keys: Keys) -> tuple[Parameters, int] | None:
    """What the generation's index was made with, if it is a graph; None for any other."""
    algorithm, dimension = client.hmget(keys.meta, ["algorithm", "dimension"])
    if algorithm != b"HNSW" or not keys.index_stays:
        return None
    try:
        return rebuilding.parameters(client, keys, {}), int(dimension)
    except (*UNDECODABLE, TypeError):
        return None


def _listed(client: Client, keys: Keys) -> list[str | bytes]:
    """The keys of a generation's chunks, texts, trees and views."""
    doomed: list[str | bytes] = []
    for registry in (keys.versions, keys.pending):
        for version, facts in client.hgetall(registry).items():
            doomed += keys.of_version(version.decode(), int(facts.split()[0]))
    doomed += keys.of_trees(stored_trees.listed(client, keys))
    for view in client.hkeys(keys.views):
        doomed += (keys.difference(view), keys.log(view))
    return doomed


def _chunks_left(client: Client, right: Right, keys: Keys) -> bool:
    """Delete the chunks that are left; whether there were any."""
    found = False
    try:
        while some := search_index.chunks_found(client, keys, DELETED_AT_ONCE):
            right.commit([("UNLINK", *some)])
            found = True
    except ResponseError as error:
        if not is_missing_index(error):
            raise
    return found


def _sweep(client: Client, right: Right, keys: Keys) -> None:
    """Delete every key of a generation, by a look at all keys of the server."""
    for beginning in (keys.base, keys.chunks):
        some: list[bytes] = []
        for key in client.scan_iter(match=f"{glob_escaped(beginning)}*", count=DELETED_AT_ONCE):
            some.append(key)
            if len(some) == DELETED_AT_ONCE:
                right.commit([("UNLINK", *some)])
                some = []
        if some:
            right.commit([("UNLINK", *some)])


def glob_escaped(text: str) -> str:
    """A text as it stands in a pattern of Redis."""
    return re.sub(r"([\\*?\[\]])", r"\\\1", text)
