"""Deleting what no view shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from redis.exceptions import WatchError

from wherein.store.redis import alphabet, chunk
from wherein.store.redis.session import Session
from wherein.store.redis.shown import to_name, version_id
from wherein.store.redis.views import unpack_record
from wherein.store.spellings import fold

CHUNKS_AT_ONCE = 50
"""Deleted in one transaction: readers wait some milliseconds for it."""


def collect(session: Session) -> tuple[int, int, int]:
    """Delete the file versions that no view shows; how many, of how many chunks, and the bytes they took."""
    client, keys = session.client, session.keys
    forget(session, [version.decode() for version in client.hkeys(keys.pending)], keys.pending)
    versions = chunks = freed = 0
    while True:
        batches = int(client.hget(keys.meta, "batches") or 0)
        reachable = _reachable(session)
        facts = {
            version.decode(): value
            for version, value in client.hgetall(keys.versions).items()
            if version.decode() not in reachable
        }
        done = forget(session, list(facts), keys.versions, batches=batches)
        versions += len(done)
        chunks += sum(int(facts[version].split()[0]) for version in done)
        freed += sum(int(facts[version].split()[1]) for version in done)
        if len(done) == len(facts):
            break
    _delete_trees(session)
    session.refresh()
    return versions, chunks, freed


def forget(
    session: Session, versions: Sequence[str], registry: str, *, batches: int | None = None
) -> list[str]:
    """Delete versions, of which `registry` says how many chunks they have; those that were deleted.

    With `batches` it stops where another process wrote since so many.
    """
    client, keys = session.client, session.keys
    done: list[str] = []
    for some in _grouped(session, versions, registry):
        rows = [(version, row) for version, count, _ in some for row in range(count)]
        lost = _lost(session, rows)
        counted = registry == keys.versions
        pipe = client.pipeline(transaction=True)
        with pipe:
            pipe.watch(keys.meta)
            if batches is not None and int(pipe.hget(keys.meta, "batches") or 0) != batches:
                return done
            pipe.multi()
            pipe.hincrby(keys.meta, "epoch", 1)
            for version, row in rows:
                pipe.unlink(keys.chunk(version, row))
            for version, _, _ in some:
                pipe.hdel(registry, version)
            if counted:
                pipe.hincrby(keys.meta, "chunks", -len(rows))
                pipe.hincrby(keys.meta, "versions", -len(some))
                pipe.hincrby(keys.meta, "bytes", -sum(size for _, _, size in some))
                for term, count in lost.terms.items():
                    pipe.hincrby(keys.frequencies, term, -count)
            try:
                pipe.execute()
            except WatchError:
                if batches is not None:
                    return done
                raise
        done += [version for version, _, _ in some]
        _tidy(session, lost)
    return done


class _Lost:
    """What deleted chunks no longer hold."""

    def __init__(self) -> None:
        self.terms: Counter[str] = Counter()
        self.names: set[str] = set()
        self.spelt: set[str] = set()


def _lost(session: Session, rows: Iterable[tuple[str, int]]) -> _Lost:
    pipe = session.client.pipeline(transaction=False)
    for version, row in rows:
        pipe.hmget(session.keys.chunk(version, row), [*chunk.STREAMS, chunk.NAMES, chunk.PAYLOAD])
    lost = _Lost()
    for *streams, names, payload in pipe.execute():
        values = zip(chunk.STREAMS, ((stream or b"").decode() for stream in streams), strict=True)
        lost.terms.update(chunk.terms(dict(values)))
        if names:
            lost.names.update(names.decode().split(chunk.SEPARATOR))
        if payload:
            found = chunk.candidate("", payload, "", "")
            lost.spelt.update((found.symbol, *found.names))
    return lost


def _tidy(session: Session, lost: _Lost) -> None:
    """Forget terms and names that no chunk has any more."""
    client, keys = session.client, session.keys
    terms, names = list(lost.terms), sorted(lost.names)
    if terms:
        counts = client.hmget(keys.frequencies, terms)
        gone = [term for term, count in zip(terms, counts, strict=True) if int(count or 0) <= 0]
        if gone:
            client.hdel(keys.frequencies, *gone)
    if names:
        pipe = client.pipeline(transaction=False)
        for name in names:
            pipe.execute_command(
                *("FT.SEARCH", keys.alias, f"@{chunk.NAMES}:{{{name}}}", "NOCONTENT", "LIMIT", 0, 0),
                *("DIALECT", 2),
            )
        unused = [name for name, (count, *_) in zip(names, pipe.execute(), strict=True) if not count]
        if unused:
            client.zrem(keys.names, *unused)
        gone_names = frozenset(unused)
        if spelt := [name for name in lost.spelt if alphabet.tag(fold(name)) in gone_names]:
            client.srem(keys.spellings, *spelt)


def _reachable(session: Session) -> set[str]:
    """The versions that some view shows."""
    client, keys = session.client, session.keys
    shown: set[tuple[str, str]] = set()
    for name in client.hkeys(keys.views):
        seen = session.views.load(client, to_name(name))
        if seen is not None:
            shown.update((path, each.blob) for path, each in seen.contents.files.items())
    return {version_id(path, blob) for path, blob in shown}


def _delete_trees(session: Session) -> None:
    client, keys = session.client, session.keys
    for _ in range(3):
        with client.pipeline(transaction=True) as pipe:
            pipe.watch(keys.meta)
            used = {unpack_record(raw).tree for raw in pipe.hvals(keys.views)}
            unused = [tree.decode() for tree in pipe.smembers(keys.trees) if tree.decode() not in used]
            if not unused:
                return
            pipe.multi()
            pipe.hincrby(keys.meta, "batches", 1)  # a writer who is about to use one of them begins anew
            pipe.srem(keys.trees, *unused)
            for tree in unused:
                pipe.unlink(keys.tree(tree))
            try:
                pipe.execute()
            except WatchError:
                continue
            return


def _grouped(
    session: Session, versions: Sequence[str], registry: str
) -> Iterator[list[tuple[str, int, int]]]:
    """Version, number of its chunks and bytes, in groups of about CHUNKS_AT_ONCE chunks."""
    facts: list[Any] = session.client.hmget(registry, versions) if versions else []
    group: list[tuple[str, int, int]] = []
    for version, value in zip(versions, facts, strict=True):
        if value is None:
            continue
        chunks, *size = value.split()
        group.append((version, int(chunks), int(size[0]) if size else 0))
        if sum(count + 1 for _, count, _ in group) >= CHUNKS_AT_ONCE:
            yield group
            group = []
    if group:
        yield group
