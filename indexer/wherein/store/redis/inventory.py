"""What there is of an index and beside it, and whether all of it is there: two round trips, however much is stored."""

from typing import Any

from wherein.store.protocol import Counts, Inventory
from wherein.store.redis import counted, deep, former, others, registry, wholeness
from wherein.store.redis import keys as names
from wherein.store.redis.session import Session, Stale


def inventory(session: Session) -> Inventory:
    """What `Store.inventory` answers."""
    keys, client = session.keys, session.client
    pipe = client.pipeline(transaction=False)
    wholeness.ask_lists(pipe, keys)
    pipe.hmget(keys.meta, counted.FACTS)
    pipe.hgetall(names.deep_models(keys.prefix)).hgetall(names.replaced(keys.prefix))
    pipe.get(former.current(keys.prefix)).hgetall(names.indexes(keys.prefix))
    answers = pipe.execute(raise_on_error=False)
    lists, rest = answers[: wholeness.LISTS], answers[wholeness.LISTS :]
    facts, models, gone, before, counting = _answered(rest)
    lacking = list(wholeness.lists_lack(client, keys, lists))
    records = wholeness.records_in(lists)
    kept = registry.when_replaced(gone)
    numbers = registry.counting(counting)
    beside = others.besides(keys, numbers.values(), kept, before)

    pipe = client.pipeline(transaction=False)
    wholeness.ask_shown(pipe, keys, records)
    asked = deep.ask_models(pipe, keys.prefix, models)
    for each in beside:
        for command in others.questions(each):
            pipe.execute_command(*command)
    pipe.hgetall(names.indexes(keys.prefix))
    *answers, counting = pipe.execute(raise_on_error=False)
    _check(session, counting)
    shown = 2 * len(records) + 2
    lacking += wholeness.shown_lack(records, _answered(answers[:shown]))
    if lacking:  # what is written meanwhile may look like a loss
        lacking = wholeness.lost(client, keys)
    of_models, of_others = answers[shown : shown + len(asked)], answers[shown + len(asked) :]
    taken = deep.taken_by(asked, _answered(of_models))
    each_told = zip(*[iter(of_others)] * others.QUESTIONS, strict=True)
    told = [
        others.other(each, some, session.header, numbers, kept)
        for each, some in zip(beside, each_told, strict=True)
    ]
    return Inventory(
        Counts(0, 0, 0, 0)
        if lacking or isinstance(lists[-1], Exception)
        else counted.counted(facts, len(records), lists[-1], taken),
        " and ".join(lacking),
        tuple(each for each in told if each is not None),
    )


def _answered(answers: list[Any]) -> list[Any]:
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _check(session: Session, counting: Any) -> None:  # noqa: ANN401 - the server's answer
    (counting,) = _answered([counting])
    number = registry.counting(counting).get(registry.made_by(session.header))
    if number != session.keys.generation and not session.building:
        raise Stale
