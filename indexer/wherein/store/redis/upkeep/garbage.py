"""One step of a garbage collection: deletes what no view shows, and what killed writers left behind."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from redis.exceptions import OutOfMemoryError

from wherein.quick_dataclass import dataclass
from wherein.store.redis.chunks import chunk, name_book
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.deep import on_server
from wherein.store.redis.generations import registry
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.terms import alphabet
from wherein.store.redis.trees import stored_trees
from wherein.store.redis.upkeep import counts
from wherein.store.redis.upkeep.counts import Tally
from wherein.store.redis.views.reachable import reachable
from wherein.store.redis.views.record import unpack_record

CHUNKS_AT_ONCE = 50
"""Deleted in one transaction: readers wait some milliseconds for it."""

NAMES_AT_ONCE = 200
"""Looked for in one round trip."""

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


def collect(session: Session, right: Right, owed: Tally) -> Freed:
    """Delete for a while what no view shows, by the holder of the right to write: so nobody begins to show it.

    `owed` is what was deleted and is still to be subtracted from what is counted: empty at first; a full server may
    refuse that. If it does to the end, the next collection counts everything again.
    """
    client, keys = session.client, session.keys
    until = time.monotonic() + LONGEST
    freed = Freed()
    listed = {version.decode(): facts for version, facts in client.hgetall(keys.versions).items()}
    if not _delete_pending(session, right, owed, listed, until):
        freed.more = True
        return freed
    _delete_unseen(session, right, owed, listed, until, freed)
    if not freed.more:
        _delete_trees(session, right)
    with suppress(OutOfMemoryError):  # the next collection counts again
        _forget_names(session, right, owed)
        if owed.versions:
            counts.subtract(session, right, [owed])
            owed.subtracted()
        if not freed.more:
            counts.count_again_if_wrong(session, right, listed)
    if not freed.more:
        seconds, _ = client.time()
        every = {each.generation: each for each in [*registry.all_keys(client, keys.prefix), keys]}
        on_server.collect(client, right, keys, every.values(), listed, float(seconds))
    session.refresh()
    return freed


def _delete_pending(
    session: Session, right: Right, owed: Tally, listed: Mapping[str, bytes], until: float
) -> bool:
    """Delete what writers left that ended before they had shown it; whether all of it is gone in time."""
    keys = session.keys
    left = {version.decode(): facts for version, facts in session.client.hgetall(keys.pending).items()}
    if shown := left.keys() & listed.keys():
        right.commit([("HDEL", keys.pending, *shown)])
    for some in _grouped((version, facts) for version, facts in left.items() if version not in listed):
        _forget(session, right, some, keys.pending, owed)
        if time.monotonic() > until:
            return False
    return True


def _delete_unseen(
    session: Session, right: Right, owed: Tally, listed: dict[str, bytes], until: float, freed: Freed
) -> None:
    """Delete listed versions that no view shows; those are not `listed` any more, and `freed` says what they took."""
    seen = reachable(session)
    for some in _grouped([(version, facts) for version, facts in listed.items() if version not in seen]):
        if time.monotonic() > until:
            freed.more = True
            return
        _forget(session, right, some, session.keys.versions, owed)
        for version in some:
            del listed[version.name]
            freed.versions += 1
            freed.chunks += version.chunks
            freed.bytes += version.bytes


@dataclass(frozen=True, slots=True)
class _Version:
    name: str
    chunks: int
    bytes: int


def _forget(session: Session, right: Right, some: Sequence[_Version], registry: str, owed: Tally) -> None:
    """Delete versions that `registry` lists. On a full server what they counted is subtracted later: it is `owed`."""
    keys = session.keys
    rows = [(version.name, row) for version in some for row in range(version.chunks)]
    gone = counts.tally_of(session, rows)
    deleted: list[Command] = [("HDEL", registry, *(version.name for version in some))]
    deleted += [("UNLINK", keys.chunk(version, row)) for version, row in rows]
    if registry == keys.versions:
        gone.versions, gone.chunks = len(some), len(rows)
        gone.bytes = sum(version.bytes for version in some)
    else:  # what was never shown was never counted
        gone.terms.clear()
    try:
        counts.subtract(session, right, [owed, gone], deleted)
        owed.subtracted()
        gone.subtracted()
    except OutOfMemoryError:
        right.commit(deleted)
    owed.add(gone)


def _forget_names(session: Session, right: Right, gone: Tally) -> None:
    """Forget the names that no chunk is found by any more."""
    asked = sorted(name_book.found_by(gone.names))
    unused: set[str] = set()
    for start in range(0, len(asked), NAMES_AT_ONCE):
        some = asked[start : start + NAMES_AT_ONCE]
        pipe = session.client.pipeline(transaction=False)
        for name in some:
            condition = f"@{chunk.NAMES}:{{{alphabet.name(name)}}}"
            pipe.execute_command(
                "FT.SEARCH", session.keys.alias, condition, "NOCONTENT", "LIMIT", 0, 0, "DIALECT", 2
            )
        unused |= {name for name, (count, *_) in zip(some, pipe.execute(), strict=True) if not count}
    if unused:
        name_book.renew(session, right, frozenset(unused))
    gone.names.clear()


def _delete_trees(session: Session, right: Right) -> None:
    client, keys = session.client, session.keys
    used = {unpack_record(raw).tree for raw in client.hvals(keys.views)}
    if unused := stored_trees.listed(client, keys) - used:
        right.commit(stored_trees.deleted(keys, unused))


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
