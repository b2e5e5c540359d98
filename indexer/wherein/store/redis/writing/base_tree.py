"""Which tree a view is based on: another view's if they differ little, else one of its own."""

from collections.abc import Mapping

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.keys import Keys
from wherein.store.redis.session import Session
from wherein.store.redis.trees import parts
from wherein.store.redis.trees.contents import EMPTY, Contents, Shown, pack_shown, to_bytes
from wherein.store.redis.views.record import Record, Seen, unpack_record

MOST_DIFFERENCE = 512
"""Paths in which a view may differ from its tree; with more it gets another one."""

FIRST_DIFFERENCE = 64
"""The same for a complete view that has no tree yet: 400 files are sent as 10 kB in a tree instead of 25, and views of
one commit share it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree for a view to be based on."""

    name: str
    raw: bytes | None
    """None if it is stored already"""
    difference: Mapping[str, Shown | None]
    parted: bool
    """it is stored in parts as well"""


def tree_for(
    session: Session, before: Seen, contents: Contents, record: Record, changed: int, complete: bool
) -> Tree | None:
    """A new tree for the view, if its difference would grow too large; None: it keeps the one it has."""
    if not complete and changed <= MOST_DIFFERENCE:
        return None
    base = session.views.trees.get(session.client, before.record.tree) or EMPTY
    most = MOST_DIFFERENCE if before.record.tree or not complete else FIRST_DIFFERENCE
    if len(base.changes_to(contents)) <= most:
        return None
    name, raw = contents.packed()
    pipe = session.client.pipeline(transaction=False)
    there, parted = pipe.sismember(session.keys.trees, name).exists(session.keys.tree_parts(name)).execute()
    if there:
        return Tree(name, None, {}, bool(parted))
    for other in map(unpack_record, session.client.hvals(session.keys.views)):
        if other.commit == record.commit and other.tree and other.tree != before.record.tree:
            shared = session.views.trees.get(session.client, other.tree)
            if shared is not None:
                difference = shared.changes_to(contents)
                if len(difference) <= min(MOST_DIFFERENCE, len(contents.files) // 2):
                    return Tree(other.tree, None, difference, other.parted)
    return Tree(name, raw, {}, parts.is_worth(raw))


def follow_tree(session: Session, name: bytes, tree: Tree, contents: Contents) -> list[Command]:
    """The commands that base the view `name`, of these contents, on a tree."""
    keys = session.keys
    commands: list[Command] = []
    if tree.raw is not None:
        commands += stored(keys, tree.name, tree.raw, contents)
    return [
        *commands,
        ("SADD", keys.trees, tree.name),
        *([("SADD", keys.parted, tree.name)] if tree.parted and tree.raw is None else []),
        ("UNLINK", keys.difference(name)),
        *change(keys.difference(name), tree.difference),
    ]


def stored(keys: Keys, name: str, raw: bytes, contents: Contents) -> list[Command]:
    """The commands that store a tree of these contents."""
    commands: list[Command] = [("SET", keys.tree(name), raw)]
    if parts.is_worth(raw):
        each = parts.packed(contents)
        commands += [
            ("HSET", keys.tree_parts(name), *(value for part in enumerate(each) for value in part)),
            ("SADD", keys.parted, name),
        ]
    return commands


def change(key: bytes, changes: Mapping[str, Shown | None]) -> list[Command]:
    """The commands that note changes in a view's difference."""
    if not changes:
        return []
    values = [value for path, shown in changes.items() for value in (to_bytes(path), pack_shown(shown))]
    return [("HSET", key, *values)]


def only_user(session: Session, name: bytes, tree: str) -> bool:
    """Whether no other view than `name` is based on a tree."""
    return all(
        unpack_record(raw).tree != tree
        for view, raw in session.client.hgetall(session.keys.views).items()
        if view != name
    )
