"""Restoring what a server lost of an index, in place: evicted keys, a crash without a log.

Nothing that is there is deleted; what cannot be restored from what is left is forgotten, so that whoever has the files
stores it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wherein.errors import IndexIncompatible
from wherein.store.redis import searchindex
from wherein.store.redis.garbage import Held, correct_counts, held_by
from wherein.store.redis.line import Command
from wherein.store.redis.reach import reachable
from wherein.store.redis.right import Right
from wherein.store.redis.session import Session
from wherein.store.redis.shown import to_bytes, to_name, version_id
from wherein.store.redis.views import Seen, unpack_record
from wherein.store.undecodable import UNDECODABLE

AT_ONCE = 500
"""Keys looked for, or values sent, together: a millisecond."""

BYTES_A_CHUNK = 2_000
"""Of a version whose entry was lost: an estimate, as all sizes are."""


def is_damaged(session: Session, view: str) -> bool:
    """Whether something that is counted or that a view shows is not there, by a few cheap questions."""
    client, keys = session.client, session.keys
    pipe = client.pipeline(transaction=False)
    pipe.hmget(keys.meta, ["versions", "chunks"]).hlen(keys.versions).hget(keys.views, to_bytes(view))
    pipe.exists(keys.frequencies).exists(keys.names).exists(keys.spellings)
    (versions, chunks), listed, raw, *lists = pipe.execute()
    index = searchindex.info(client, keys.alias)
    filled = not int(index.get("indexing", 0))
    if int(versions or 0) != listed or (filled and int(index["num_docs"]) < int(chunks or 0)):
        return True
    if int(chunks or 0) and not all(lists):
        return True
    seen = _seen(session, view) if raw is not None else None
    return raw is not None and (seen is None or bool(_unlisted(session, seen)))


def mend(session: Session, right: Right) -> None:
    """Restore what is missing, by who holds the right to write. Views that show what cannot be restored are incomplete
    then, and the next update of each puts that right; views that cannot be read are dropped."""
    client, keys = session.client, session.keys
    records = {name: unpack_record(raw) for name, raw in client.hgetall(keys.views).items()}
    seen = {name: _seen(session, to_name(name)) for name in records}
    for name in [name for name, each in seen.items() if each is None]:
        right.commit([("HDEL", keys.views, name), ("UNLINK", keys.difference(name), keys.log(name))])
    trees = [tree.decode() for tree in client.smembers(keys.trees)]
    if gone := [tree for tree in trees if not client.exists(keys.tree(tree))]:
        right.commit([("SREM", keys.trees, *gone)])
    listed = {version.decode(): facts for version, facts in client.hgetall(keys.versions).items()}
    known = {version: int(facts.split()[0]) for version, facts in listed.items()}
    whole = _whole(session, known | reachable(session))
    again = {
        version: f"{chunks} {chunks * BYTES_A_CHUNK}".encode()
        for version, chunks in whole.items()
        if version not in listed
    }
    for some in _sliced(again):
        right.commit([("HSET", keys.versions, *(word for each in some for word in (each, again[each])))])
    lost = [version for version in listed if version not in whole]
    for version in lost:
        rows = [keys.chunk(version, row) for row in range(known[version])]
        right.commit([("HDEL", keys.versions, version), ("UNLINK", *rows, keys.text(version))])
    stored = {**listed, **again}
    for version in lost:
        del stored[version]
    _restore_lists(session, right, whole)
    correct_counts(session, right, stored)
    right.commit([("HINCRBY", keys.meta, "epoch", 1)])
    for name, each in seen.items():
        if each is not None and (records[name].complete and _unlisted(session, each)):
            record = replace(each.record, complete=False, number=each.record.number + 1)
            right.commit([("HSET", keys.views, name, record.packed())])
    session.refresh()


def _seen(session: Session, view: str) -> Seen | None:
    """A view; None where it cannot be read, or does not show as much as it did."""
    try:
        seen = session.views.load(session.client, view)
    except (IndexIncompatible, *UNDECODABLE):
        return None
    whole = seen is not None and len(seen.contents.files) == seen.record.files
    return seen if whole else None


def _unlisted(session: Session, seen: Seen) -> set[str]:
    """The versions that a view shows, and that are not stored."""
    shown = [version_id(path, each.blob) for path, each in seen.contents.files.items()]
    pipe = session.client.pipeline(transaction=False)
    for some in _sliced(shown):
        pipe.hmget(session.keys.versions, some)
    answers = [facts for some in pipe.execute() for facts in some]
    return {version for version, facts in zip(shown, answers, strict=True) if facts is None}


def _whole(session: Session, versions: dict[str, int]) -> dict[str, int]:
    """Those of the versions all of whose chunks are there."""
    whole: dict[str, int] = {}
    for some in _sliced(versions):
        pipe = session.client.pipeline(transaction=False)
        asked = [version for version in some if versions[version]]
        for version in asked:
            pipe.exists(*(session.keys.chunk(version, row) for row in range(versions[version])))
        there = dict(zip(asked, pipe.execute(), strict=True))
        whole |= {each: versions[each] for each in some if there.get(each, 0) == versions[each]}
    return whole


def _restore_lists(session: Session, right: Right, versions: dict[str, int]) -> None:
    """Terms' frequencies and names, out of the chunks."""
    keys = session.keys
    rows = [(version, row) for version, chunks in versions.items() for row in range(chunks)]
    held = Held()
    for start in range(0, len(rows), AT_ONCE):
        held.add(held_by(session, rows[start : start + AT_ONCE]))
    commands: list[Command] = [("UNLINK", keys.frequencies)]
    commands += [
        ("HSET", keys.frequencies, *(word for term in some for word in (term, held.terms[term])))
        for some in _sliced(held.terms)
    ]
    commands += [
        ("ZADD", keys.names, *(word for name in some for word in (0, name))) for some in _sliced(held.names)
    ]
    commands += [("SADD", keys.spellings, *some) for some in _sliced(name for name in held.spelt if name)]
    right.commit(commands)


def _sliced(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
