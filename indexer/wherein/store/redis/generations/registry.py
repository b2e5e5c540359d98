"""Which generation counts for which version of wherein and which model.

Each version, with each model, reads and writes a generation of its own. A rebuilt one replaces only that, which is kept
for some days.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from hashlib import blake2b
from typing import Any

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import IndexIncompatible, StoreUnreachable
from wherein.store.header import SCHEMA, UPDATE, check_header, differences, version
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.connection.redis_py import Client, pairs
from wherein.store.redis.deep import on_server
from wherein.store.redis.generations import former_schemas, generation
from wherein.store.redis.generations.generation import Generation
from wherein.store.redis.keys import SLOTS, Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.search_index import search_index
from wherein.store.undecodable import UNDECODABLE

DAY = 86_400.0
"""Seconds."""

GRACE_DAYS = 3.0
"""Days for which a replaced index is kept, to go back to."""

UNATTENDED = DAY
"""Seconds after which an unfinished generation that names no builder counts as left over."""

BESIDE = "wherein index, which makes one for this version beside it"
OTHER_MODEL = "use what the others use; or `wherein index --force`, which makes one beside theirs"


def made_by(header: Header) -> str:
    """A short name for everything that an index is made with."""
    return f"{header.schema}:{blake2b(repr(astuple(header)).encode(), digest_size=6).hexdigest()}"


def counting(answer: Sequence[bytes] | Mapping[bytes, bytes]) -> dict[str, int]:
    """What counts for whom, by the answer to HGETALL of `keys.indexes`. Damaged entries are left out: `found_again`."""
    return {made.decode(): int(number) for made, number in pairs(answer).items() if number.isdigit()}


def _of_this_schema(counting: Mapping[str, int]) -> list[int]:
    return sorted({number for made, number in counting.items() if made.startswith(f"{SCHEMA}:")})


def understood(client: Client, prefix: str) -> list[Keys]:
    """The generations that count and that this version understands, for any model. Others belong to other versions:
    they are listed, and deleted only as a whole."""
    found = counting(client.hgetall(names.indexes(prefix)))
    return [Keys(prefix, number) for number in _of_this_schema(found)]


def for_reading(prefix: str, answer: Sequence[bytes] | Mapping[bytes, bytes]) -> Keys | None:
    """The generation that lists of repositories read: the last one begun of this schema, else of any."""
    found = counting(answer)
    numbers = _of_this_schema(found) or sorted(found.values())
    return Keys(prefix, numbers[-1]) if numbers else None


def generations(client: Client, prefix: str) -> list[Keys]:
    """All generations that count, the last begun first; those of versions before schema 4 come last."""
    pipe = client.pipeline(transaction=False)
    found, before = pipe.hgetall(names.indexes(prefix)).get(former_schemas.current(prefix)).execute()
    numbers = sorted(set(counting(found).values()), reverse=True)
    return [*(Keys(prefix, number) for number in numbers), *former_schemas.counting(prefix, before)]


def make_usable(client: Client, right: Right, prefix: str) -> None:
    """Delete lists that are not what they should be: they can be made again."""
    lists = (names.indexes(prefix), names.replaced(prefix), names.begun(prefix))
    pipe = client.pipeline(transaction=False)
    pipe.hlen(lists[0]).hlen(lists[1]).smembers(lists[2]).get(names.counter(prefix))
    *answers, count = pipe.execute(raise_on_error=False)
    wrong = [key for key, answer in zip(lists, answers, strict=True) if isinstance(answer, ResponseError)]
    if count is not None and not (isinstance(count, bytes) and count.isdigit()):
        wrong.append(names.counter(prefix))
    if wrong:
        right.commit([("DEL", *wrong)])


def _numbers(members: Iterable[bytes]) -> list[int]:
    return [int(number) for number in members if number.isdigit()]


def when_replaced(answer: Mapping[bytes, bytes]) -> dict[int, tuple[float, str]]:
    """The answer to HGETALL of `keys.replaced`: generation → when it was replaced, and for whom it counted; long ago
    where that is damaged."""
    found: dict[int, tuple[float, str]] = {}
    for number, told in answer.items():
        when, _, whose = told.partition(b" ")
        if number.isdigit():
            found[int(number)] = (float(when) if when.isdigit() else 0.0, whose.decode("utf-8", "replace"))
    return found


def readable(client: Client, keys: Keys) -> Generation | None:
    """A generation's facts; None if it is gone, or damaged."""
    try:
        return generation.read(client, keys)
    except (IndexIncompatible, *UNDECODABLE):
        return None


def register(right: Right, made: Generation) -> None:
    """Let a generation count for its version. The one that did before is kept for some days."""
    prefix, for_whom = made.keys.prefix, made_by(made.header)
    index = names.indexes(prefix)
    before, (seconds, _) = right.commit([("HGET", index, for_whom), ("TIME",)])
    commands: list[tuple[Any, ...]] = [
        ("HSET", index, for_whom, made.keys.generation),
        ("HSET", made.keys.meta, "counts", for_whom),
        ("HDEL", made.keys.meta, "builder_key", "builder"),
        ("HDEL", names.replaced(prefix), made.keys.generation),
    ]
    if before is not None and before.isdigit() and int(before) != made.keys.generation:
        commands.append(("HSET", names.replaced(prefix), before, f"{int(seconds)} {for_whom}"))
    right.commit(commands)


def found_again(client: Client, right: Right, prefix: str, header: Header) -> Generation | None:
    """The generation that counted, where the server evicted the list of what counts."""
    gone = client.hkeys(names.replaced(prefix))
    for number in sorted(_numbers(client.smembers(names.begun(prefix))), reverse=True):
        keys = Keys(prefix, number)
        if str(number).encode() not in gone and client.hget(keys.meta, "counts") == made_by(header).encode():
            found = readable(client, keys)
            if found is not None:
                register(right, found)
                return found
    return None


def replaced_last(client: Client, prefix: str, header: Header) -> Keys | None:
    """The generation that was replaced last of those of a version, if one is kept."""
    for_whom = made_by(header)
    kept = {
        when: number
        for number, (when, whose) in when_replaced(client.hgetall(names.replaced(prefix))).items()
        if whose == for_whom
    }
    return Keys(prefix, kept[max(kept)]) if kept else None


def left_over(client: Client, prefix: str, grace_days: float | None = None) -> list[int]:
    """The generations that nobody needs: those whose builder ended too early, and those that were replaced long ago."""
    pipe = client.pipeline(transaction=False)
    pipe.smembers(names.begun(prefix)).hgetall(names.indexes(prefix)).hgetall(names.replaced(prefix)).time()
    begun, indexes, replaced, (now, _) = pipe.execute()
    needed = set(counting(indexes).values())
    grace = (GRACE_DAYS if grace_days is None else grace_days) * DAY
    gone = when_replaced(replaced)
    needed |= {number for number, (when, _) in gone.items() if now - when < grace}
    return [
        number
        for number in sorted({*_numbers(begun), *gone})
        if number not in needed
        and (number in gone or not _may_count(client, Keys(prefix, number), counting(indexes), now))
    ]


def _may_count(client: Client, keys: Keys, counting: Mapping[str, int], now: float) -> bool:
    """Whether a generation that is not listed may still count: it is being built, or the server evicted the list."""
    key, token, begun, counts = client.hmget(keys.meta, ["builder_key", "builder", "begun", "counts"])
    if counts is not None:
        return counts.decode() not in counting
    if key is not None:
        return bool(client.get(key) == token)
    return begun is not None and begun.isdigit() and now - int(begun) < UNATTENDED


def delete_left_over(client: Client, right: Right, prefix: str, grace_days: float | None = None) -> int:
    """Delete the generations that nobody needs, and indexes that were not built to their end; how many."""
    deleted = 0
    for number in left_over(client, prefix, grace_days):
        generation.delete(client, right, Keys(prefix, number))
        right.commit([("HDEL", names.replaced(prefix), number)])
        deleted += 1
    with suppress(NoPermissionError):  # a user who may not make search indexes cannot have left one
        deleted += search_index.drop_unused(client, prefix)
    return deleted


def free_keys(client: Client, right: Right, prefix: str, repository: str) -> Keys:
    """The keys for a new generation: a number that none had, whose slot is free. If no slot is free, the generation
    that was replaced first is deleted early. StoreUnreachable if all are needed."""
    listed = all_keys(client, prefix)
    for slot in range(SLOTS):  # the server may have evicted the list
        number = search_index.generation_found(client, prefix, slot)
        if number is not None and number not in {keys.generation for keys in listed}:
            right.commit([("SADD", names.begun(prefix), number)])
            listed.append(Keys(prefix, number))
    if len({keys.slot for keys in listed}) >= SLOTS:
        delete_left_over(client, right, prefix)
        listed = all_keys(client, prefix)
    if len({keys.slot for keys in listed}) >= SLOTS:
        gone = when_replaced(client.hgetall(names.replaced(prefix)))
        if not gone:
            raise StoreUnreachable(
                f"The store holds as many indexes of {repository} as it can, each for another version of wherein.",
                remedy="wherein gc NAME --unused DAYS",
            )
        first = min(gone, key=lambda number: gone[number][0])
        generation.delete(client, right, Keys(prefix, first))
        right.commit([("HDEL", names.replaced(prefix), first)])
        listed = all_keys(client, prefix)
    counted = _numbers(each for each in [client.get(names.counter(prefix))] if each is not None)
    every = (keys.generation for keys in (*listed, *former_schemas.every(client, prefix)))
    last = max([*counted, *every], default=0)
    used = {keys.slot for keys in listed}
    return next(
        keys
        for keys in (Keys(prefix, number) for number in range(last + 1, last + 1 + SLOTS))
        if keys.slot not in used
    )


def all_keys(client: Client, prefix: str) -> list[Keys]:
    """All generations but those of versions before schema 4, whatever they are for."""
    pipe = client.pipeline(transaction=False)
    pipe.smembers(names.begun(prefix)).hgetall(names.indexes(prefix)).hkeys(names.replaced(prefix))
    begun, indexes, replaced = pipe.execute()
    numbers = {*_numbers(begun), *counting(indexes).values(), *_numbers(replaced)}
    return [Keys(prefix, number) for number in sorted(numbers)]


def delete_all(client: Client, right: Right, prefix: str) -> None:
    """Delete every generation of a repository, and the lists of them."""
    doomed = [*all_keys(client, prefix), *former_schemas.every(client, prefix)]
    right.commit([("DEL", names.indexes(prefix), former_schemas.current(prefix))])
    search_index.drop_all(client, prefix)  # first, so that deleting the chunks costs no index anything
    for keys in doomed:
        generation.delete(client, right, keys)
    lists = (names.begun(prefix), names.replaced(prefix), former_schemas.generations(prefix))
    right.commit([("DEL", *lists, *on_server.keys_of_all(client, prefix))])


def unregister(client: Client, right: Right, keys: Keys) -> None:
    """Let a generation no longer count."""
    if isinstance(keys, former_schemas.FormerKeys):
        right.commit([("DEL", former_schemas.current(keys.prefix))])
        return
    index = names.indexes(keys.prefix)
    whose = [made for made, number in counting(client.hgetall(index)).items() if number == keys.generation]
    if whose:
        right.commit([("HDEL", index, *whose)])


def exists(client: Client, prefix: str) -> bool:
    """Whether anything of a repository is stored."""
    lists = (
        names.indexes(prefix),
        names.begun(prefix),
        former_schemas.current(prefix),
        former_schemas.generations(prefix),
    )
    return bool(client.exists(*lists))


def made_otherwise(client: Client, prefix: str, wanted: Header, repository: str) -> IndexIncompatible | None:
    """The error for a version that has no index here, though others do, so that it must not make one unasked. None if
    there is no index."""
    others = [found for keys in generations(client, prefix) if (found := readable(client, keys))]
    if not others:
        return None
    other = max(others, key=lambda each: version(each.header))
    says = f"({differences(other.header, wanted)})"
    if version(other.header) > version(wanted):
        return IndexIncompatible(
            f"The index of {repository} was made by a newer wherein {says}.", remedy=UPDATE
        )
    if version(other.header) < version(wanted):
        return IndexIncompatible(
            f"The index of {repository} was made by an older wherein {says}.", remedy=BESIDE
        )
    try:
        check_header(other.header, wanted, repository, OTHER_MODEL)
    except IndexIncompatible as error:
        return error
    return None
