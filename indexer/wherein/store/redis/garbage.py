"""Deleting what no view shows, and what writers left that never got so far as to show it."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import OutOfMemoryError

from wherein.store.redis import alphabet, chunk
from wherein.store.redis.line import Command
from wherein.store.redis.reach import reachable
from wherein.store.redis.right import Right
from wherein.store.redis.session import Session
from wherein.store.redis.views import unpack_record
from wherein.store.spellings import fold

CHUNKS_AT_ONCE = 50
"""Deleted in one transaction: readers wait some milliseconds for it."""

LONGEST = 1.0
"""Seconds of deleting, after which others may write."""


@dataclass(slots=True)
class Freed:
    """What was deleted."""

    versions: int = 0
    chunks: int = 0
    bytes: int = 0
    more: bool = False
    """there is more to delete"""


def collect(session: Session, right: Right, owed: list[Command]) -> Freed:
    """Delete for a while what no view shows, by who holds the right to write: so nobody begins to show it.

    `owed` is what a full server refused in the last call, empty at first.
    """
    client, keys = session.client, session.keys
    until = time.monotonic() + LONGEST
    listed = {version.decode(): facts for version, facts in client.hgetall(keys.versions).items()}
    left = {version.decode(): facts for version, facts in client.hgetall(keys.pending).items()}
    freed = Freed()
    forgotten = [(version, facts) for version, facts in left.items() if version not in listed]
    if left.keys() - dict(forgotten).keys():
        right.commit([("HDEL", keys.pending, *(left.keys() & listed.keys()))])
    for some in _grouped(forgotten):
        _forget(session, right, some, keys.pending, owed)
        if time.monotonic() > until:
            freed.more = True
            return freed
    seen = reachable(session)
    for some in _grouped([(version, facts) for version, facts in listed.items() if version not in seen]):
        if time.monotonic() > until:
            freed.more = True
            break
        _forget(session, right, some, keys.versions, owed)
        for version in some:
            del listed[version.name]
            freed.versions += 1
            freed.chunks += version.chunks
            freed.bytes += version.bytes
    else:
        _delete_trees(session, right)
    if owed:
        with suppress(OutOfMemoryError):
            right.commit(owed)
            owed.clear()
    correct_counts(session, right, listed)
    session.refresh()
    return freed


def correct_counts(session: Session, right: Right, listed: Mapping[str, bytes]) -> None:
    """Correct what is counted, which a full server may have refused, and the end of a process may have prevented."""
    facts = [value.split() for value in listed.values()]
    right_ones = {
        "versions": len(facts),
        "chunks": sum(int(chunks) for chunks, *_ in facts),
        "bytes": sum(int(size[0]) if size else 0 for _, *size in facts),
    }
    counted = session.client.hmget(session.keys.meta, list(right_ones))
    if [int(value or 0) for value in counted] != list(right_ones.values()):
        with suppress(OutOfMemoryError):  # the next collection does it
            right.commit(
                [("HSET", session.keys.meta, *(word for pair in right_ones.items() for word in pair))]
            )


@dataclass(frozen=True, slots=True)
class _Version:
    name: str
    chunks: int
    bytes: int


@dataclass(slots=True)
class Held:
    """What some chunks hold."""

    terms: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    spelt: set[str] = field(default_factory=set)

    def add(self, other: "Held") -> None:
        """And what others hold."""
        self.terms.update(other.terms)
        self.names |= other.names
        self.spelt |= other.spelt


def _forget(
    session: Session, right: Right, some: Sequence[_Version], registry: str, owed: list[Command]
) -> None:
    """Delete versions that `registry` lists. Where the server is full, what counts them comes later: it is `owed`."""
    keys = session.keys
    rows = [(version.name, row) for version in some for row in range(version.chunks)]
    lost = held_by(session, rows)
    deleted: list[Command] = [("HDEL", registry, *(version.name for version in some))]
    deleted += [("UNLINK", keys.chunk(version, row)) for version, row in rows]
    counted: list[Command] = [("HINCRBY", keys.meta, "epoch", 1)]
    if registry == keys.versions:
        counted += [
            ("HINCRBY", keys.meta, "chunks", -len(rows)),
            ("HINCRBY", keys.meta, "versions", -len(some)),
            ("HINCRBY", keys.meta, "bytes", -sum(version.bytes for version in some)),
            *(("HINCRBY", keys.frequencies, term, -count) for term, count in lost.terms.items()),
        ]
    try:
        right.commit([*deleted, *owed, *counted])
        owed.clear()
    except OutOfMemoryError:
        right.commit(deleted)
        owed += counted
    _tidy(session, right, lost)


def held_by(session: Session, rows: Iterable[tuple[str, int]]) -> Held:
    """What chunks hold, which are told by version and row."""
    pipe = session.client.pipeline(transaction=False)
    for version, row in rows:
        pipe.hmget(session.keys.chunk(version, row), [*chunk.STREAMS, chunk.NAMES, chunk.PAYLOAD])
    lost = Held()
    for *streams, names, payload in pipe.execute():
        values = zip(chunk.STREAMS, ((stream or b"").decode() for stream in streams), strict=True)
        lost.terms.update(chunk.terms(dict(values)))
        if names:
            lost.names.update(names.decode().split(chunk.SEPARATOR))
        if payload:
            found = chunk.candidate("", payload, "", "")
            lost.spelt.update((found.symbol, *found.names))
    return lost


def _tidy(session: Session, right: Right, lost: Held) -> None:
    """Forget terms and names that no chunk has any more."""
    client, keys = session.client, session.keys
    terms, names = list(lost.terms), sorted(lost.names)
    pipe = client.pipeline(transaction=False)
    for name in names:
        pipe.execute_command(
            *("FT.SEARCH", keys.alias, f"@{chunk.NAMES}:{{{name}}}", "NOCONTENT", "LIMIT", 0, 0),
            *("DIALECT", 2),
        )
    if terms:
        pipe.hmget(keys.frequencies, terms)
    answers = pipe.execute()
    unused = [name for name, (count, *_) in zip(names, answers, strict=False) if not count]
    commands: list[Command] = []
    if terms:
        gone = [term for term, count in zip(terms, answers[-1], strict=True) if int(count or 0) <= 0]
        commands += [("HDEL", keys.frequencies, *gone)] if gone else []
    if unused:
        commands.append(("ZREM", keys.names, *unused))
        gone_names = frozenset(unused)
        if spelt := [name for name in lost.spelt if alphabet.tag(fold(name)) in gone_names]:
            commands.append(("SREM", keys.spellings, *spelt))
    if commands:
        right.commit(commands)


def _delete_trees(session: Session, right: Right) -> None:
    client, keys = session.client, session.keys
    used = {unpack_record(raw).tree for raw in client.hvals(keys.views)}
    unused = [tree.decode() for tree in client.smembers(keys.trees) if tree.decode() not in used]
    if unused:
        right.commit([("SREM", keys.trees, *unused), *(("UNLINK", keys.tree(tree)) for tree in unused)])


def _grouped(listed: Iterable[tuple[str, Any]]) -> Iterator[list[_Version]]:
    """Listed versions in groups of about CHUNKS_AT_ONCE chunks."""
    group: list[_Version] = []
    for name, facts in listed:
        chunks, *size = facts.split()
        group.append(_Version(name, int(chunks), int(size[0]) if size else 0))
        if sum(version.chunks + 1 for version in group) >= CHUNKS_AT_ONCE:
            yield group
            group = []
    if group:
        yield group
