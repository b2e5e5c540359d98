"""A generation of a repository's index: its header, its birth, its taking over, its end."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from redis.exceptions import ResponseError

from wherein.errors import IndexIncompatible, IndexMissing
from wherein.store.header import REBUILD
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis import searchindex
from wherein.store.redis.client import Client
from wherein.store.redis.keys import Keys
from wherein.store.redis.parameters import Parameters
from wherein.store.redis.right import Right
from wherein.store.redis.shown import to_bytes, to_name
from wherein.store.undecodable import UNDECODABLE

DELETED_AT_ONCE = 200
"""Keys. A reader waits a millisecond for so many."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What stands in the `meta` of a generation and stays as it is."""

    keys: Keys
    repository: str
    header: Header
    vectors: str
    """the type of the vectors' numbers"""


def current(client: Client, prefix: str) -> int | None:
    """The number of the generation that counts; None where nothing is indexed."""
    number = client.get(names.current(prefix))
    return None if number is None else int(number)


FACTS = ("repository", *(field.name for field in fields(Header)), "vectors")
"""What `parsed` wants to know of a generation's meta."""


def read(client: Client, prefix: str, number: int) -> Generation | None:
    """A generation's facts; None where it is gone."""
    keys = Keys(prefix, number)
    return parsed(keys, client.hmget(keys.meta, FACTS))


def parsed(keys: Keys, found: Sequence[Any]) -> Generation | None:
    """A generation, as its meta says; None where it is gone."""
    if any(value is None for value in found):
        return None
    repository, schema, chunker, tokenizer, model, dimension, vectors = found
    try:
        header = Header(int(schema), chunker.decode(), tokenizer.decode(), model.decode(), int(dimension))
    except ValueError:
        raise IndexIncompatible(
            "The index in the store has a header that cannot be read.", remedy=REBUILD
        ) from None
    return Generation(keys, to_name(repository), header, vectors.decode())


def missing(repository: str) -> IndexMissing:
    """For a repository of which the store holds nothing."""
    return IndexMissing(f"{repository} is not indexed in the store yet.", remedy="wherein index")


def begin(
    client: Client, right: Right, prefix: str, repository: str, header: Header, parameters: Parameters
) -> Generation:
    """Make an empty generation, which does not count yet, by who holds the right to write."""
    keys = Keys(prefix, int(right.commit([("INCRBY", names.counter(prefix), 1)])[0]))
    if searchindex.left_behind(client, keys):  # the server evicted what told of it
        delete(client, right, prefix, keys.generation)
    if not client.exists(names.generations(prefix)):
        _list_anew(client, right, prefix, keys.generation)
    algorithm = parameters.algorithm(0)
    values: dict[str, object] = dict(
        zip((field.name for field in fields(Header)), astuple(header), strict=True)
    )
    values |= {"repository": to_bytes(repository), "vectors": parameters.vectors, "built": 1}
    values |= {"algorithm": algorithm, "m": parameters.m, "ef_construction": parameters.ef_construction}
    values |= {"ef_runtime": parameters.ef_runtime, "flat_up_to": parameters.flat_up_to}
    right.commit(
        [
            ("SADD", names.generations(prefix), keys.generation),
            ("HSET", keys.meta, *(word for pair in values.items() for word in pair)),
        ]
    )
    searchindex.create(client, keys, 1, parameters.vector_field(algorithm, header.dimension))
    client.execute_command("FT.ALIASADD", keys.alias, keys.index(1))
    return Generation(keys, repository, header, parameters.vectors)


def take_over(client: Client, right: Right, prefix: str, number: int) -> None:
    """Let a generation count; readers notice with their next question. Others are deleted."""
    right.commit([("SET", names.current(prefix), number)])
    delete_others(client, right, prefix, number)


def delete_others(client: Client, right: Right, prefix: str, kept: int | None) -> None:
    """Delete every generation but one, also what a killed process left."""
    for other in sorted(int(number) for number in client.smembers(names.generations(prefix))):
        if other != kept:
            delete(client, right, prefix, other)


def delete(client: Client, right: Right, prefix: str, number: int) -> None:
    """Delete a generation: first its index, so that deleting the chunks costs no index anything.

    Where the server evicted the list of what there is, or it is damaged, its keys are looked for among all of the
    server's.
    """
    keys = Keys(prefix, number)
    listed = client.exists(keys.versions) or not searchindex.left_behind(client, keys)
    right.check()
    searchindex.drop_all(client, keys)
    try:
        doomed = _listed(client, keys)
    except (*UNDECODABLE, ResponseError):
        doomed, listed = [], False
    for start in range(0, len(doomed), DELETED_AT_ONCE):
        right.commit([("UNLINK", *doomed[start : start + DELETED_AT_ONCE])])
    lists = (
        keys.versions,
        keys.pending,
        keys.trees,
        keys.views,
        keys.frequencies,
        keys.names,
        keys.spellings,
    )
    right.commit([("UNLINK", *lists, keys.meta)])
    if not listed:
        _sweep(client, right, keys)
    right.commit([("SREM", names.generations(prefix), number)])


def _listed(client: Client, keys: Keys) -> list[str | bytes]:
    """The keys of a generation's chunks, texts, trees and views."""
    doomed: list[str | bytes] = []
    for registry in (keys.versions, keys.pending):
        for version, facts in client.hgetall(registry).items():
            chunks = int(facts.split()[0])
            doomed.append(keys.text(version.decode()))
            doomed += (keys.chunk(version.decode(), row) for row in range(chunks))
    doomed += (keys.tree(tree.decode()) for tree in client.smembers(keys.trees))
    for view in client.hkeys(keys.views):
        doomed += (keys.difference(view), keys.log(view))
    return doomed


def _list_anew(client: Client, right: Right, prefix: str, before: int) -> None:
    """List the generations that are there, which the server may have evicted the list of: they are to be deleted."""
    for number in range(1, before):
        if searchindex.left_behind(client, Keys(prefix, number)):
            right.commit([("SADD", names.generations(prefix), number)])


def _sweep(client: Client, right: Right, keys: Keys) -> None:
    """Delete every key of a generation, which takes a look at all keys of the server."""
    some: list[bytes] = []
    for key in client.scan_iter(match=f"{glob_escaped(keys.base)}*", count=DELETED_AT_ONCE):
        some.append(key)
        if len(some) == DELETED_AT_ONCE:
            right.commit([("UNLINK", *some)])
            some = []
    if some:
        right.commit([("UNLINK", *some)])


def glob_escaped(text: str) -> str:
    """A text as it stands in a pattern of Redis."""
    return re.sub(r"([\\*?\[\]])", r"\\\1", text)
