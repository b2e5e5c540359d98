"""What all views of an index show together: a few questions, however many views there are."""

from collections import Counter

from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import EMPTY, Contents, to_name, unpack_shown, unpack_tree, version_id
from wherein.store.redis.views.record import unpack_record

AT_ONCE = 50
"""Trees or differences of one question: a megabyte or two."""


def reachable(session: Session) -> dict[str, int]:
    """The versions that some view shows, and how many chunks each has."""
    client, keys = session.client, session.keys
    records = {name: unpack_record(raw) for name, raw in client.hgetall(keys.views).items()}
    based = Counter(record.tree for record in records.values())
    trees = _trees(session, [tree for tree in based if tree]) | {"": EMPTY}
    hidden: dict[str, Counter[str]] = {tree: Counter() for tree in based}
    """tree → path → how many of the views based on it show something else there, or nothing"""
    found: dict[str, int] = {}
    names = list(records)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        pipe = client.pipeline(transaction=False)
        for name in some:
            pipe.hgetall(keys.difference(name))
        for name, difference in zip(some, pipe.execute(), strict=True):
            paths = {to_name(path): unpack_shown(raw) for path, raw in difference.items()}
            hidden[records[name].tree].update(paths.keys())
            found |= {version_id(path, shown.blob): shown.chunks for path, shown in paths.items() if shown}
    for tree, views in based.items():
        for path, shown in trees.get(tree, EMPTY).files.items():
            if hidden[tree][path] < views:
                found[version_id(path, shown.blob)] = shown.chunks
    return found


def _trees(session: Session, names: list[str]) -> dict[str, Contents]:
    """The trees that are there; one that the server evicted shows nothing any more."""
    found: dict[str, Contents] = {}
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        answers = session.client.mget([session.keys.tree(name) for name in some])
        found |= {name: unpack_tree(raw) for name, raw in zip(some, answers, strict=True) if raw is not None}
    return found
