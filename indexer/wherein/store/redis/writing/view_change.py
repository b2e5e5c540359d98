"""Changing what a view shows: one short transaction, which also lists the file versions that were stored for it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import chain

from wherein.errors import UpdateLost
from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.terms import frequencies
from wherein.store.redis.trees import parts
from wherein.store.redis.trees.contents import EMPTY, Contents, Shown, pack_changes, to_bytes
from wherein.store.redis.trees.stored_trees import deleted
from wherein.store.redis.views.following import LOG_LENGTH
from wherein.store.redis.views.record import Record, Seen
from wherein.store.redis.writing.base_tree import (
    MOST_DIFFERENCE,
    Tree,
    change,
    follow_tree,
    only_user,
    tree_for,
)
from wherein.store.redis.writing.batch import (
    Batch,
    BatchFacts,
    frequencies_commands,
)


@dataclass(slots=True)
class Stored:
    """What a batch adds to what is stored."""

    chunks: dict[str, int] = field(default_factory=dict)
    """version → how many"""
    facts: dict[str, bytes] = field(default_factory=dict)
    """version → its entry among the versions"""
    frequencies: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    named: set[str] = field(default_factory=set)
    """entries that are added to the book"""
    rest: list[Command] = field(default_factory=list)
    """what is still to be carried out, together with what shows it"""


def show(
    session: Session,
    right: Right,
    batch: Batch,
    changes: Mapping[str, Shown | None],
    stored: Stored,
    facts: BatchFacts,
    planned: Seen | None,
) -> None:
    """Let the batch's view show the `changes`, in the transaction that lists what was `stored` for them. UpdateLost
    where the view is not as it was when that was `planned`."""
    seen = facts.seen
    if planned is not None and (seen is None or not seen.record.follows(planned.record)):
        raise UpdateLost(
            f"Another process has changed the view {batch.view} meanwhile.", remedy="wherein index"
        )
    keys, name = session.keys, to_bytes(batch.view)
    before = seen or Seen(Record(owner=batch.owner), EMPTY)
    real = {path: shown for path, shown in changes.items() if before.contents.files.get(path) != shown}
    contents = before.contents.with_changes(real)
    counted = _increased(session, right, stored.frequencies, facts)
    record = before.record.following(
        contents,
        commit=batch.commit,
        complete=batch.complete,
        updated=facts.now,
        owner=batch.owner,
        changed=bool(real),
    )
    commands = [*stored.rest, *_listed(session, stored, counted)]
    if seen is None:  # the server may have lost its record alone
        commands.append(("UNLINK", keys.difference(name), keys.log(name)))
    tree = tree_for(session, before, contents, record, len(real), batch.complete)
    if tree is None:
        commands += change(keys.difference(name), real)
    else:
        commands += _based_anew(session, name, before.record.tree, tree, contents)
        record = record.based_on(tree.name, differs=bool(tree.difference), parted=tree.parted)
    record = record.with_parts(parts.digests(contents.blobs) if record.tells_parts else "")
    commands += [
        _logged(keys, name, before.record, record, real),
        ("HSET", keys.views, name, record.packed()),
    ]
    right.commit(commands, last=True)
    session.written_names.add(stored.named, (batch.view, record))
    if tree is not None and tree.raw is not None:
        session.views.trees.keep(tree.name, tree.raw)
    session.views.keep(batch.view, Seen(record, contents))


def _based_anew(session: Session, name: bytes, old: str, tree: Tree, contents: Contents) -> list[Command]:
    """What bases the view `name` on another tree, and deletes the `old` one where nobody else needs it."""
    commands = follow_tree(session, name, tree, contents)
    if old and tree.name != old and only_user(session, name, old):
        return [*deleted(session.keys, [old]), *commands]
    return commands


def _logged(
    keys: Keys, name: bytes, before: Record, record: Record, changes: Mapping[str, Shown | None]
) -> Command:
    """What enters a batch into the view's log; of too many changes readers read the view anew."""
    if len(changes) > MOST_DIFFERENCE:
        return ("UNLINK", keys.log(name))
    entry = (f"{record.number}-0", "d", pack_changes(changes.items()), "u", before.mark)
    return ("XADD", keys.log(name), "MAXLEN", LOG_LENGTH, *entry)


def _listed(session: Session, stored: Stored, counted: Mapping[str, bytes]) -> list[Command]:
    """The commands that list and count the versions that were stored."""
    keys = session.keys
    if not stored.facts:
        return []
    commands: list[Command] = [
        ("HSET", keys.versions, *_flat(stored.facts)),
        ("HDEL", keys.pending, *stored.facts),
        ("HINCRBY", keys.meta, "chunks", sum(stored.chunks.values())),
        ("HINCRBY", keys.meta, "versions", len(stored.facts)),
        ("HINCRBY", keys.meta, "bytes", stored.bytes),
    ]
    if counted:
        commands.append(("HSET", keys.frequencies, *_flat(counted)))
    return commands


def _increased(
    session: Session, right: Right, more: Mapping[str, int], facts: BatchFacts
) -> dict[str, bytes]:
    """The frequencies of terms with these added. Nobody else changes them meanwhile, so that one command can set them
    all: readers would wait longer for one command for each of thousands of terms."""
    before = dict(facts.frequencies)
    lacking = [each for each in frequencies.fields(more) if each not in before]
    values = chain.from_iterable(right.ask(frequencies_commands(session, lacking)))
    return frequencies.changed(before | dict(zip(lacking, values, strict=True)), more)


def copy(session: Session, right: Right, source: str, target: str, *, owner: str, kept: int) -> bool:
    """What `Store.copy_view` does."""
    keys, client = session.keys, session.client
    seen = session.views.load(client, source)
    if seen is None or source == target:
        return seen is not None
    difference = client.hgetall(keys.difference(to_bytes(source)))
    name = to_bytes(target)
    commands: list[Command] = [("UNLINK", keys.difference(name), keys.log(name))]
    if difference:
        commands.append(("HSET", keys.difference(name), *_flat(difference)))
    commands.append(("HSET", keys.views, name, seen.record.copied(owner, kept).packed()))
    right.commit(commands, last=True)
    return True


def _flat(values: Mapping[object, object] | Mapping[str, bytes] | Mapping[str, int]) -> Iterator[object]:
    for name, value in values.items():
        yield name
        yield value
