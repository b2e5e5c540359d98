"""Writing a batch: file versions first, which nobody sees, then in one transaction what a view shows.

The server answers nobody while it works on a command or a transaction, so that both are kept small.
"""

import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from redis.exceptions import WatchError

from wherein.store.protocol import FileVersion
from wherein.store.redis import chunk
from wherein.store.redis.client import Pipeline
from wherein.store.redis.session import Session
from wherein.store.redis.shown import (
    DEFLATE_LEVEL,
    EMPTY,
    Contents,
    Shown,
    pack_changes,
    pack_shown,
    to_bytes,
    version_id,
)
from wherein.store.redis.views import LOG_LENGTH, Record, Seen, unpack_record

CHUNKS_AT_ONCE = 25
"""Sent together. Readers beside a writer, p50/p95: with 20 3.9/7.5 ms, with 100 6.5/13 ms."""

VALUES_AT_ONCE = 1_000
"""Of one HMGET or HSET: half a millisecond."""

MOST_DIFFERENCE = 512
"""Paths in which a view differs from its tree; with more it gets a tree of its own, or another view's."""

CHUNK_OVERHEAD = 1_080
TEXT_OVERHEAD = 150
"""Bytes beside the values: of a hash and its fields, the key, the chunk's share of names and frequencies. Measured with
MEMORY USAGE on 10,000 chunks: 3,042 together, of which 1,900 are values."""

ATTEMPTS = 20


@dataclass(slots=True)
class Stored:
    """What a batch adds to what is stored."""

    chunks: dict[str, int] = field(default_factory=dict)
    """version → how many"""
    facts: dict[str, bytes] = field(default_factory=dict)
    """version → its entry among the versions"""
    frequencies: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)
    bytes: int = 0


def write(
    session: Session,
    view: str,
    *,
    put: Sequence[FileVersion],
    link: Mapping[str, str],
    unlink: Iterable[str],
    commit: str | None,
    complete: bool,
    owner: str,
) -> None:
    """What `Store.write` does."""
    hidden = list(unlink)
    for _ in range(ATTEMPTS):
        changes: dict[str, Shown | None] = dict.fromkeys(hidden)
        changes |= _linked(session, link)
        stored = _store(session, {(file.path, file.blob): file for file in put})
        changes |= {file.path: Shown(file.blob, len(file.chunks), file.skip) for file in put}
        if _show(session, view, changes, stored, commit=commit, complete=complete, owner=owner):
            return
    raise TimeoutError("other processes write to the store all the time")


def _linked(session: Session, link: Mapping[str, str]) -> dict[str, Shown]:
    ids = {path: version_id(path, blob) for path, blob in link.items()}
    facts = stored_facts(session, list(ids.values()))
    found: dict[str, Shown] = {}
    for path, version in ids.items():
        if version not in facts:
            raise LookupError("a view can only show file versions that are stored")
        chunks, _, *skip = facts[version].split()
        found[path] = Shown(link[path], int(chunks), skip[0].decode() if skip else "")
    return found


def stored_facts(session: Session, versions: Sequence[str]) -> dict[str, bytes]:
    """The entries of those of the versions that are stored."""
    found: dict[str, bytes] = {}
    for some in _sliced(versions, VALUES_AT_ONCE):
        answers = session.client.hmget(session.keys.versions, some)
        found |= {version: facts for version, facts in zip(some, answers, strict=True) if facts is not None}
    return found


def _store(session: Session, files: Mapping[tuple[str, str], FileVersion]) -> Stored:
    """Store the versions that are not there yet. Nothing shows them, and `pending` remembers them for a crash."""
    ids = {version_id(path, blob): file for (path, blob), file in files.items()}
    there = stored_facts(session, list(ids))
    fresh = {version: file for version, file in ids.items() if version not in there}
    result = Stored()
    if not fresh:
        return result
    keys, client = session.keys, session.client
    for version, file in fresh.items():
        count = len(file.chunks)
        if file.embeddings.shape != (count, session.header.dimension) and (count or file.embeddings.size):
            raise ValueError(
                f"embeddings of shape {file.embeddings.shape} for {count} chunks of {file.path!r}"
            )
        result.chunks[version] = count
    client.hset(keys.pending, mapping=result.chunks)
    for commands in _batched(_commands(session, fresh, result), CHUNKS_AT_ONCE):
        pipe = client.pipeline(transaction=False)
        for key, value in commands:
            if isinstance(value, bytes):
                pipe.set(key, value)
            else:
                pipe.hset(key, mapping=value)
        pipe.execute()
    return result


def _commands(
    session: Session, files: Mapping[str, FileVersion], result: Stored
) -> Iterator[tuple[str, bytes | dict[str, str | bytes]]]:
    """Keys and values of the files' texts and chunks, counted in `result`."""
    keys = session.keys
    for version, file in files.items():
        size = 0
        if file.chunks:
            text = zlib.compress(file.text.encode("utf-8", "replace"), DEFLATE_LEVEL)
            size += len(text) + TEXT_OVERHEAD
            yield keys.text(version), text
        embeddings = np.asarray(file.embeddings, np.float32)
        for row, record in enumerate(file.chunks):
            values = chunk.fields(file, version, row, record)
            result.frequencies.update(chunk.terms(values))
            if tagged := values.get(chunk.NAMES):
                result.names.update(str(tagged).split(chunk.SEPARATOR))
            if (vector := chunk.vector(embeddings[row], session.vectors)) is not None:
                values[chunk.VECTOR] = vector
            size += sum(map(len, values.values())) + CHUNK_OVERHEAD
            yield keys.chunk(version, row), values
        result.bytes += size
        result.facts[version] = f"{len(file.chunks)} {size} {file.skip}".strip().encode()


def _show(
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
        tree = _tree_for(session, before, contents, record, len(real), complete)
        old = before.record.tree
        alone = tree is not None and all(
            unpack_record(other).tree != old
            for view_name, other in client.hgetall(keys.views).items()
            if view_name != name
        )
        pipe.multi()
        pipe.hincrby(keys.meta, "batches", 1)
        if stored.facts:
            pipe.hset(keys.versions, mapping=stored.facts)
            pipe.hdel(keys.pending, *stored.facts)
            pipe.hincrby(keys.meta, "chunks", sum(stored.chunks.values()))
            pipe.hincrby(keys.meta, "versions", len(stored.facts))
            pipe.hincrby(keys.meta, "bytes", stored.bytes)
            for term, count in stored.frequencies.items():
                pipe.hincrby(keys.frequencies, term, count)
            if stored.names:
                pipe.zadd(keys.names, dict.fromkeys(stored.names, 0))
        if tree is None:
            _change(pipe, keys.difference(name), real)
        else:
            if alone and old and tree.name != old:
                pipe.srem(keys.trees, old)
                pipe.unlink(keys.tree(old))
            record = _follow_tree(pipe, session, name, tree, record)
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


@dataclass(frozen=True, slots=True)
class _Tree:
    """A tree for a view to be based on."""

    name: str
    raw: bytes | None
    """None where it is stored already"""
    difference: Mapping[str, Shown | None]


def _tree_for(
    session: Session, before: Seen, contents: Contents, record: Record, changed: int, complete: bool
) -> _Tree | None:
    """Another tree for the view, where its difference grows too large or the batch is one; None: as it is."""
    if not complete and changed <= MOST_DIFFERENCE:
        return None
    base = session.views.tree(session.client, before.record.tree) or EMPTY
    if len(base.changes_to(contents)) <= MOST_DIFFERENCE:
        return None
    name, raw = contents.packed()
    if session.client.sismember(session.keys.trees, name):
        return _Tree(name, None, {})
    for other in map(unpack_record, session.client.hvals(session.keys.views)):
        if other.commit == record.commit and other.tree and other.tree != before.record.tree:
            shared = session.views.tree(session.client, other.tree)
            if shared is not None:
                difference = shared.changes_to(contents)
                if len(difference) <= min(MOST_DIFFERENCE, len(contents.files) // 2):
                    return _Tree(other.tree, None, difference)
    return _Tree(name, raw, {})


def _follow_tree(pipe: Pipeline, session: Session, name: bytes, tree: _Tree, record: Record) -> Record:
    keys = session.keys
    if tree.raw is not None:
        pipe.set(keys.tree(tree.name), tree.raw)
    pipe.sadd(keys.trees, tree.name)
    pipe.unlink(keys.difference(name))
    _change(pipe, keys.difference(name), tree.difference)
    return record.based_on(tree.name)


def _change(pipe: Pipeline, key: bytes, changes: Mapping[str, Shown | None]) -> None:
    if changes:
        pipe.hset(key, mapping={to_bytes(path): pack_shown(shown) for path, shown in changes.items()})


def _sliced(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _batched(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
