"""What a view shows is changed in one short transaction, which also lists the versions that were stored for it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from redis.exceptions import WatchError

from wherein.store.redis.session import Session
from wherein.store.redis.shown import EMPTY, Shown, pack_changes, to_bytes
from wherein.store.redis.trees import MOST_DIFFERENCE, change, follow_tree, only_user, tree_for
from wherein.store.redis.views import LOG_LENGTH, Record, Seen

VALUES_AT_ONCE = 1_000
"""Of one HMGET: half a millisecond."""

ATTEMPTS = 20


@dataclass(slots=True)
class Stored:
    """What a batch adds to what is stored."""

    chunks: dict[str, int] = field(default_factory=dict)
    """version → how many"""
    facts: dict[str, bytes] = field(default_factory=dict)
    """version → its entry among the versions"""
    frequencies: Counter[str] = field(default_factory=Counter)
    bytes: int = 0


def stored_facts(session: Session, versions: Sequence[str]) -> dict[str, bytes]:
    """The entries of those of the versions that are stored."""
    found: dict[str, bytes] = {}
    for some in _sliced(versions):
        answers = session.client.hmget(session.keys.versions, some)
        found |= {version: facts for version, facts in zip(some, answers, strict=True) if facts is not None}
    return found


def show(
    session: Session,
    view: str,
    changes: Mapping[str, Shown | None],
    stored: Stored,
    *,
    commit: str | None,
    complete: bool,
    owner: str,
) -> bool:
    """Let the view show what is stored; False where somebody else wrote in between."""
    keys, client, name = session.keys, session.client, to_bytes(view)
    pipe = client.pipeline(transaction=True)
    with pipe:
        pipe.watch(keys.meta)
        raw_there = stored_facts(session, list(stored.facts))
        seen = session.views.load(client, view)
        if raw_there:
            return False  # somebody else stored the same versions
        before = seen or Seen(Record(owner=owner), EMPTY)
        real = {path: shown for path, shown in changes.items() if before.contents.files.get(path) != shown}
        contents = before.contents.with_changes(real)
        record = before.record.following(
            contents, commit=commit, complete=complete, updated=time.time(), owner=owner
        )
        tree = tree_for(session, before, contents, record, len(real), complete)
        old = before.record.tree
        alone = tree is not None and only_user(session, name, old)
        frequencies = _increased(session, stored.frequencies)
        pipe.multi()
        pipe.hincrby(keys.meta, "batches", 1)
        if stored.facts:
            pipe.hset(keys.versions, mapping=stored.facts)
            pipe.hdel(keys.pending, *stored.facts)
            pipe.hincrby(keys.meta, "chunks", sum(stored.chunks.values()))
            pipe.hincrby(keys.meta, "versions", len(stored.facts))
            pipe.hincrby(keys.meta, "bytes", stored.bytes)
            if frequencies:
                pipe.hset(keys.frequencies, mapping=frequencies)
        if tree is None:
            change(pipe, keys.difference(name), real)
        else:
            if alone and old and tree.name != old:
                pipe.srem(keys.trees, old)
                pipe.unlink(keys.tree(old))
            record = follow_tree(pipe, session, name, tree, record)
        if len(real) <= MOST_DIFFERENCE:
            pipe.xadd(
                *(keys.log(name), {"d": pack_changes(real.items())}),
                id=f"{record.number}-0",
                maxlen=LOG_LENGTH,
                approximate=False,
            )
        else:
            pipe.unlink(keys.log(name))
        pipe.hset(keys.views, to_bytes(view), record.packed())
        try:
            pipe.execute()
        except WatchError:
            return False
    session.views.keep(view, Seen(record, contents))
    return True


def _increased(session: Session, more: Mapping[str, int]) -> dict[str, int]:
    """Terms' frequencies with these added. Read before the transaction, which fails if somebody else writes, so that
    readers wait for one command instead of one for each of thousands of terms."""
    increased: dict[str, int] = {}
    for some in _sliced(list(more)):
        counts = session.client.hmget(session.keys.frequencies, some)
        increased |= {term: int(count or 0) + more[term] for term, count in zip(some, counts, strict=True)}
    return increased


def copy(session: Session, source: str, target: str, *, owner: str) -> bool:
    """What `Store.copy_view` does."""
    keys, client = session.keys, session.client
    for _ in range(ATTEMPTS):
        with client.pipeline(transaction=True) as pipe:
            pipe.watch(keys.meta)
            seen = session.views.load(client, source)
            if seen is None or source == target:
                return seen is not None
            difference = pipe.hgetall(keys.difference(to_bytes(source)))
            name = to_bytes(target)
            pipe.multi()
            pipe.hincrby(keys.meta, "batches", 1)
            pipe.unlink(keys.difference(name), keys.log(name))
            if difference:
                pipe.hset(keys.difference(name), mapping=difference)
            pipe.hset(keys.views, name, seen.record.copied(owner).packed())
            with suppress(WatchError):
                pipe.execute()
                return True
    raise TimeoutError("other processes write to the store all the time")


def _sliced(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]
