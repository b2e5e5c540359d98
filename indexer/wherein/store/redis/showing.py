"""What a view shows is changed in one short transaction, which also lists the versions that were stored for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from wherein.errors import UpdateLost
from wherein.store.redis.line import Command
from wherein.store.redis.right import Right
from wherein.store.redis.session import Session
from wherein.store.redis.shown import EMPTY, Shown, pack_changes, to_bytes
from wherein.store.redis.trees import MOST_DIFFERENCE, change, follow_tree, only_user, tree_for
from wherein.store.redis.views import LOG_LENGTH, Record, Seen

VALUES_AT_ONCE = 1_000
"""Of one HMGET: half a millisecond."""


@dataclass(slots=True)
class Stored:
    """What a batch adds to what is stored."""

    chunks: dict[str, int] = field(default_factory=dict)
    """version → how many"""
    facts: dict[str, bytes] = field(default_factory=dict)
    """version → its entry among the versions"""
    frequencies: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    rest: list[Command] = field(default_factory=list)
    """what is still to be carried out, together with what shows it"""


def stored_facts(session: Session, versions: Sequence[str]) -> dict[str, bytes]:
    """The entries of those of the versions that are stored."""
    commands = facts_commands(session, versions)
    return found_facts(versions, session.run(lambda pipe: [pipe.execute_command(*each) for each in commands]))


def facts_commands(session: Session, versions: Sequence[str]) -> list[Command]:
    """The commands for the entries of versions."""
    return [("HMGET", session.keys.versions, *some) for some in _sliced(versions)]


def found_facts(versions: Sequence[str], answers: Iterable[Sequence[bytes | None]]) -> dict[str, bytes]:
    """The entries of those that are stored, by the answers to `facts_commands`."""
    flat = chain.from_iterable(answers)
    return {version: facts for version, facts in zip(versions, flat, strict=True) if facts is not None}


def show(
    session: Session,
    right: Right,
    view: str,
    changes: Mapping[str, Shown | None],
    stored: Stored,
    *,
    seen: Seen | None,
    commit: str | None,
    complete: bool,
    owner: str,
    planned: Seen | None,
) -> None:
    """Let the view, as it was `seen` with the right to write, show what is stored. UpdateLost where it is another one
    than it was `planned` for."""
    keys, name = session.keys, to_bytes(view)
    if planned is not None and (seen is None or not seen.record.follows(planned.record)):
        raise UpdateLost(f"Another process has changed the view {view} meanwhile.", remedy="wherein index")
    before = seen or Seen(Record(owner=owner), EMPTY)
    real = {path: shown for path, shown in changes.items() if before.contents.files.get(path) != shown}
    contents = before.contents.with_changes(real)
    now, frequencies = _increased(session, right, stored.frequencies)
    record = before.record.following(
        contents, commit=commit, complete=complete, updated=now, owner=owner, changed=bool(real)
    )
    tree = tree_for(session, before, contents, record, len(real), complete)
    commands = [*stored.rest, *_listed(session, stored, frequencies)]
    if tree is None:
        commands += change(keys.difference(name), real)
    else:
        old = before.record.tree
        if old and tree.name != old and only_user(session, name, old):
            commands += [("SREM", keys.trees, old), ("UNLINK", keys.tree(old))]
        commands += follow_tree(session, name, tree)
        record = record.based_on(tree.name, differs=bool(tree.difference))
    if len(real) <= MOST_DIFFERENCE:
        log = pack_changes(real.items())
        commands.append(("XADD", keys.log(name), "MAXLEN", LOG_LENGTH, f"{record.number}-0", "d", log))
    else:
        commands.append(("UNLINK", keys.log(name)))
    commands.append(("HSET", keys.views, name, record.packed()))
    right.commit(commands, last=True)
    session.views.keep(view, Seen(record, contents))


def _listed(session: Session, stored: Stored, frequencies: Mapping[str, int]) -> list[Command]:
    """What lists the versions that were stored, and counts them."""
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
    if frequencies:
        commands.append(("HSET", keys.frequencies, *_flat(frequencies)))
    return commands


def _increased(session: Session, right: Right, more: Mapping[str, int]) -> tuple[float, dict[str, int]]:
    """The server's time, and terms' frequencies with these added. Nobody else changes them meanwhile, and readers wait
    for one command instead of one for each of thousands of terms."""
    terms = list(more)
    asked = [("HMGET", session.keys.frequencies, *some) for some in _sliced(terms)]
    (seconds, microseconds), *answers = right.ask([("TIME",), *asked])
    counts = [count for some in answers for count in some]
    increased = {term: int(count or 0) + more[term] for term, count in zip(terms, counts, strict=True)}
    return int(seconds) + int(microseconds) / 1e6, increased


def copy(session: Session, right: Right, source: str, target: str, *, owner: str) -> bool:
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
    commands.append(("HSET", keys.views, name, seen.record.copied(owner).packed()))
    right.commit(commands, last=True)
    return True


def _flat(values: Mapping[object, object] | Mapping[str, bytes] | Mapping[str, int]) -> Iterator[object]:
    for name, value in values.items():
        yield name
        yield value


def _sliced(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]
