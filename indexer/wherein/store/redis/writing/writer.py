"""Writing a batch: first file versions, which nobody sees yet, then in one transaction what a view shows.

The server answers nobody while it works on a command or a transaction, so both are kept small.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from wherein.store.protocol import FileVersion, NotStored
from wherein.store.redis.chunks import chunk, name_book
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Reply
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.open_generation import OpenGeneration
from wherein.store.redis.quota import limits
from wherein.store.redis.quota.guard import Guard
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import Shown, version_id
from wherein.store.redis.upkeep.renewal import renew_what_is_due
from wherein.store.redis.views.record import Seen
from wherein.store.redis.writing.batch import FEW_CHUNKS, Batch, BatchFacts, BatchQuestions
from wherein.store.redis.writing.pacing import Pace
from wherein.store.redis.writing.view_change import Stored, show

CHUNKS_AT_ONCE = 25
"""Sent together. Readers beside a writer, p50/p95: with 20 3.9/7.5 ms, with 100 6.5/13 ms."""

SAVED_AT_ONCE = 50
"""The same of a batch of FEW_CHUNKS or less, as of one saved file, whose search waits for each transaction: one of 50
keeps readers for as long as two of 25, but once."""

NODES_AT_ONCE = 5
"""The same where each chunk is placed in a graph, which takes nearly a millisecond."""

CHUNK_OVERHEAD = 520
"""Bytes of a chunk beside its values: the hash and its fields, the key, its share of names and frequencies, on a server
that keeps a chunk in one block (`server_findings.LONGEST_VALUE`). On others it is 1,080."""


def write(index: OpenGeneration, guard: Guard, batch: Batch, *, leased: bool) -> None:
    """What `Store.write` does. With `leased` the view must be as this process knows it: UpdateLost. QuotaReached."""
    questions = BatchQuestions(batch)
    planned: Seen | None = None

    def ask(session: Session) -> list[Command]:
        nonlocal planned
        planned = session.views.known(batch.view) if leased else None
        return [limits.ask(session.keys.prefix), *questions.commands(session)]

    def act(session: Session, told: list[Reply]) -> tuple[BatchFacts, int]:
        if batch.put:
            guard.check(session, told[0])
        facts = questions.facts(session, told[1:])
        return facts, _write(session, index.right, batch, facts, planned)

    facts, stored = index.written_knowing(ask, act)
    renew_what_is_due(index, facts, stored, stored_some=bool(batch.put), complete=batch.complete)
    if batch.complete:
        index.take_over_when_built()


def _write(session: Session, right: Right, batch: Batch, facts: BatchFacts, planned: Seen | None) -> int:
    """Write a batch, and give the right back with the last transaction. `planned` is the view as it was when the batch
    was put together. How many chunks were stored."""
    files = {version_id(file.path, file.blob): file for file in batch.put}
    fresh = {version: file for version, file in files.items() if version not in facts.stored}
    changes: dict[str, Shown | None] = dict.fromkeys(batch.unlink)
    changes |= _linked(batch.link, facts.stored)
    changes |= {file.path: Shown(file.blob, len(file.chunks), file.skip) for file in batch.put}
    stored = _store(session, right, batch.view, fresh, facts)
    show(session, right, batch, changes, stored, facts, planned)
    return sum(stored.chunks.values())


def _linked(link: Mapping[str, str], stored: Mapping[str, bytes]) -> dict[str, Shown]:
    """What is shown of versions that are stored already. NotStored if one is not."""
    found: dict[str, Shown] = {}
    for path, blob in link.items():
        facts = stored.get(version_id(path, blob))
        if facts is None:
            raise NotStored("a view can only show file versions that are stored")
        chunks, _, *skip = facts.split()
        found[path] = Shown(blob, int(chunks), skip[0].decode() if skip else "")
    return found


def _store(
    session: Session, right: Right, view: str, fresh: Mapping[str, FileVersion], facts: BatchFacts
) -> Stored:
    """Store file versions, which nothing shows yet; `pending` lists them in case of a crash. The last of FEW_CHUNKS or
    less are left for the transaction that shows them, which saves a round trip."""
    result = Stored({version: len(file.chunks) for version, file in fresh.items()})
    if not fresh:
        return result
    keys = session.keys
    for file in fresh.values():
        _check_shape(file, session.header.dimension)
    last = None if facts.seen is None else (view, facts.seen.record)
    few = sum(result.chunks.values()) <= FEW_CHUNKS
    fast = SAVED_AT_ONCE if few else CHUNKS_AT_ONCE
    batches = _batched(_commands(session, fresh, result), NODES_AT_ONCE if facts.in_a_graph else fast)
    pending = [value for entry in result.chunks.items() for value in entry]
    before: list[Command] = [("HSET", keys.pending, *pending)]
    rest: list[Command] = next(batches, [])
    pace = Pace()
    for following in batches:
        with pace:
            right.commit([*before, *rest])
        before, rest = [], following
    result.named = session.written_names.lacking(facts.names_born, last, result.named)
    # a name that no view shows yet, or ever, leads to nothing
    rest = [*rest, *name_book.added(keys, result.named)]
    if few:
        result.rest = rest
    else:
        with pace:
            right.commit(rest)
    return result


def _check_shape(file: FileVersion, dimension: int) -> None:
    count, shape = len(file.chunks), file.embeddings.shape
    if shape != (count, dimension) and (count or file.embeddings.size):
        raise ValueError(f"embeddings of shape {shape} for {count} chunks of {file.path!r}")


def _commands(session: Session, files: Mapping[str, FileVersion], result: Stored) -> Iterator[Command]:
    """The commands that store the files' chunks; `result` counts them and what they define."""
    keys = session.keys
    for version, file in files.items():
        size = 0
        lines = file.text.split("\n")
        embeddings = np.asarray(file.embeddings, np.float32)
        for row, record in enumerate(file.chunks):
            values = chunk.fields(file, version, record, chunk.vector(embeddings[row], session.vectors))
            result.frequencies.update(str(values[chunk.TERMS]).split())
            result.named |= name_book.entries_of(record.symbol, record.qualified_name, record.names)
            values[chunk.TEXT] = chunk.packed_text(lines[record.start_line - 1 : record.end_line])
            size += sum(map(len, values.values())) + CHUNK_OVERHEAD
            yield ("HSET", keys.chunk(version, row), *(value for field in values.items() for value in field))
        result.bytes += size
        result.facts[version] = f"{len(file.chunks)} {size} {file.skip}".strip().encode()


def _batched(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
