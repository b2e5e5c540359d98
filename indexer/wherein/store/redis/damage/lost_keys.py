"""Which keys of a generation the server has lost: two round trips, however much is stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from redis.exceptions import ResponseError

from wherein.store.redis import keys as names
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.redis_py import Client, Pipeline, raise_errors
from wherein.store.redis.damage import eviction
from wherein.store.redis.generations.generation import MARKED
from wherein.store.redis.keys import Keys
from wherein.store.redis.search_index import search_index
from wherein.store.redis.views.record import Record, unpack_record

LISTS = 7
"""Questions of `ask_lists`."""

LOOKS = 3
"""Something that is written meanwhile may look lost once, but not every time."""


def lost(client: Client, keys: Keys) -> list[str]:
    """What is missing, in words; empty if nothing is. Raises what a value that cannot be read raises."""
    found: list[str] = []
    for _ in range(LOOKS):
        pipe = client.pipeline(transaction=False)
        ask_lists(pipe, keys)
        answers = pipe.execute(raise_on_error=False)
        found, records = list(lists_lack(client, keys, answers)), records_in(answers)
        pipe = client.pipeline(transaction=False)
        ask_shown(pipe, keys, records)
        found += shown_lack(records, pipe.execute())
        if not found:
            break
    return found


def ask_lists(pipe: Pipeline, keys: Keys) -> None:
    """Add the LISTS questions about what is counted and listed."""
    pipe.hmget(keys.meta, ["versions", "chunks", MARKED]).hlen(keys.versions)
    pipe.exists(keys.frequencies).exists(keys.names)
    pipe.smembers(names.begun(keys.prefix)).hgetall(keys.views)
    eviction.ask(pipe, keys)


def records_in(answers: Sequence[Any]) -> dict[bytes, Record]:
    """The views, by the answers to `ask_lists`."""
    return {name: unpack_record(raw) for name, raw in answers[LISTS - 2].items()}


def lists_lack(client: Client, keys: Keys, answers: Sequence[Any]) -> Iterator[str]:
    """What is missing, by the answers to `ask_lists`."""
    facts, listed, *lists, begun, views, told = answers
    raise_errors((facts, listed, *lists, begun, views))
    if isinstance(told, ResponseError) and is_missing_index(told):
        yield "its search index"
        return
    raise_errors([told])
    versions, chunks, marked = (int(value or 0) for value in facts)
    index = search_index.facts(told)
    there, filled = int(index["num_docs"]), not int(index.get("indexing", 0))
    if versions and there and not listed:
        yield "the list of what is stored"
    elif filled and there < chunks and (missing := eviction.missing(client, keys)):
        yield missing
    if marked:
        what = ("the frequencies of terms", "the names of chunks")
        yield from (each for each, there in zip(what, lists, strict=True) if not there)
    if str(keys.generation).encode() not in begun:
        yield "its entry among the indexes"


def ask_shown(pipe: Pipeline, keys: Keys, records: Mapping[bytes, Record]) -> None:
    """Add the questions whether what views show is there."""
    for name, record in records.items():
        pipe.exists(keys.tree(record.tree), keys.difference(name)).exists(keys.tree(record.tree))
    pipe.smembers(keys.trees).hgetall(keys.views)


def shown_lack(records: Mapping[bytes, Record], told: Sequence[Any]) -> list[str]:
    """What views show and is missing, by the answers to `ask_shown`."""
    *answers, trees, after = told
    lacking = list(_lacking(records, answers, trees, after))
    return [f"what {len(lacking)} of the {len(records)} views show"] if lacking else []


def _lacking(
    records: Mapping[bytes, Record],
    there: Sequence[int],
    trees: Collection[bytes],
    after: Mapping[bytes, bytes],
) -> Iterator[bytes]:
    for (name, record), both, tree in zip(records.items(), there[::2], there[1::2], strict=True):
        if name not in after or unpack_record(after[name]) != record:
            continue  # it is another one now
        listed = not record.tree or record.tree.encode() in trees
        if not listed or tree < bool(record.tree) or both - tree < record.differs:
            yield name
