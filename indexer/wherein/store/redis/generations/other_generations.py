"""The other indexes of a repository: for other versions of wherein or other models, and replaced ones."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from redis.exceptions import ResponseError

from wherein.errors import IndexDamaged
from wherein.status import OtherIndex
from wherein.store.header import differences, version
from wherein.store.protocol import Header
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Reply, raise_errors
from wherein.store.redis.generations import former_schemas, generation
from wherein.store.redis.keys import Keys
from wherein.store.redis.search_index import search_index
from wherein.store.redis.views.record import unpack_record
from wherein.store.undecodable import UNDECODABLE

QUESTIONS = 4
"""Of `questions`."""


def besides(own: Keys, counting: Collection[int], kept: Collection[int], before: Reply) -> list[Keys]:
    """All generations that count or were replaced, but for this version's own, the last first; then that of versions
    before schema 4, by the answer `before`."""
    found = [Keys(own.prefix, number) for number in sorted({*counting, *kept}, reverse=True)]
    return [each for each in (*found, *former_schemas.counting(own.prefix, before)) if each != own]


def questions(keys: Keys) -> list[Command]:
    """The commands whose answers `other` needs."""
    return [
        ("HMGET", keys.meta, *generation.FACTS),
        ("HMGET", keys.meta, "chunks", "bytes"),
        ("HVALS", keys.views),
        ("FT.INFO", keys.alias),
    ]


def other(
    keys: Keys,
    answers: Sequence[Any],
    header: Header,
    counting: Mapping[str, int],
    kept: Mapping[int, tuple[float, str]],
) -> OtherIndex | None:
    """A generation by the answers to `questions`, compared with one made with `header`; None if it cannot be read.
    `counting` and `kept` are the results of `registry.counting` and `registry.when_replaced`."""
    told, sizes, records, index = answers
    try:
        raise_errors((told, sizes, records))
    except ResponseError:
        return None
    if isinstance(index, Exception) and not is_missing_index(index):
        raise index
    try:
        found = generation.parsed(keys, told)
    except IndexDamaged:
        return None
    if found is None:
        return None
    try:
        updated = max((unpack_record(raw).updated for raw in records), default=None)
    except UNDECODABLE:
        updated = None
    chunks, stored = (int(each or 0) for each in sizes)
    search = 0 if isinstance(index, Exception) else search_index.size(search_index.facts(index))
    return OtherIndex(
        made_with=differences(found.header, header),
        age=_age(found.header, header),
        chunks=chunks,
        bytes=stored + search,
        views=len(records),
        updated=updated,
        replaced=keys.generation in kept,
        gone_back=_is_later(keys.generation, counting, kept),
    )


def _is_later(generation: int, counting: Mapping[str, int], kept: Mapping[int, tuple[float, str]]) -> bool:
    """Whether it was made after the one that counts now for its version: somebody went back."""
    return generation in kept and generation > counting.get(kept[generation][1], generation)


def _age(found: Header, own: Header) -> Literal["newer", "older", "as old"]:
    theirs, ours = version(found), version(own)
    if theirs == ours:
        return "as old"
    return "newer" if theirs > ours else "older"
