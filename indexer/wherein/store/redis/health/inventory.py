"""What an index holds, which others there are, and whether anything is lost: two round trips, however much there is."""

from collections.abc import Sequence
from typing import Any

from wherein.store.protocol import Counts, Inventory
from wherein.store.redis import keys as names
from wherein.store.redis.connection.redis_py import Reply, raise_errors
from wherein.store.redis.damage import eviction, lost_keys
from wherein.store.redis.deep import on_server
from wherein.store.redis.generations import former_schemas, other_generations, registry
from wherein.store.redis.search_index import search_index
from wherein.store.redis.session import Session, Stale

FACTS = ("versions", "chunks", "bytes")


def counts(session: Session) -> Counts:
    """What `Store.counts` answers. Evicted if chunks are lost."""
    keys = session.keys
    found, views, info, again = session.run(
        lambda pipe: eviction.ask(pipe.hmget(keys.meta, FACTS).hlen(keys.views), keys).hmget(keys.meta, FACTS)
    )
    chunks = (int(facts[FACTS.index("chunks")] or 0) for facts in (found, again))
    eviction.check(session.run, keys, info, min(chunks))
    return counted(found, int(views), info, on_server.taken(session.client, keys.prefix))


def counted(facts: Sequence[bytes | None], views: int, info: Reply, vectors: int) -> Counts:
    """The same by what the meta says of FACTS, FT.INFO of the index, and the bytes of the deep tier."""
    versions, chunks, size = (int(value or 0) for value in facts)
    return Counts(versions, chunks, size + search_index.size(search_index.facts(info)) + vectors, views)


def inventory(session: Session) -> Inventory:
    """What `Store.inventory` answers."""
    keys, client = session.keys, session.client
    pipe = client.pipeline(transaction=False)
    lost_keys.ask_lists(pipe, keys)
    pipe.hmget(keys.meta, FACTS)
    pipe.hgetall(names.deep_models(keys.prefix)).hgetall(names.replaced(keys.prefix))
    pipe.get(former_schemas.current(keys.prefix)).hgetall(names.indexes(keys.prefix))
    answers = pipe.execute(raise_on_error=False)
    lists, rest = answers[: lost_keys.LISTS], answers[lost_keys.LISTS :]
    facts, models, gone, before, counting = raise_errors(rest)
    lacking = list(lost_keys.lists_lack(client, keys, lists))
    records = lost_keys.records_in(lists)
    kept = registry.when_replaced(gone)
    numbers = registry.counting(counting)
    beside = other_generations.besides(keys, numbers.values(), kept, before)

    pipe = client.pipeline(transaction=False)
    lost_keys.ask_shown(pipe, keys, records)
    asked = on_server.ask_models(pipe, keys.prefix, models)
    for each in beside:
        for command in other_generations.questions(each):
            pipe.execute_command(*command)
    pipe.hgetall(names.indexes(keys.prefix))
    *answers, counting = pipe.execute(raise_on_error=False)
    _check(session, counting)
    shown = 2 * len(records) + 2
    lacking += lost_keys.shown_lack(records, raise_errors(answers[:shown]))
    if lacking:  # what is written meanwhile may look like a loss
        lacking = lost_keys.lost(client, keys)
    of_models, of_others = answers[shown : shown + len(asked)], answers[shown + len(asked) :]
    taken = on_server.taken_by(asked, raise_errors(of_models))
    each_told = zip(*[iter(of_others)] * other_generations.QUESTIONS, strict=True)
    told = [
        other_generations.other(each, some, session.header, numbers, kept)
        for each, some in zip(beside, each_told, strict=True)
    ]
    return Inventory(
        Counts(0, 0, 0, 0)
        if lacking or isinstance(lists[-1], Exception)
        else counted(facts, len(records), lists[-1], taken),
        " and ".join(lacking),
        tuple(each for each in told if each is not None),
    )


def _check(session: Session, counting: Any) -> None:  # noqa: ANN401 - the server's answer
    (counting,) = raise_errors([counting])
    number = registry.counting(counting).get(registry.made_by(session.header))
    if number != session.keys.generation and not session.building:
        raise Stale
