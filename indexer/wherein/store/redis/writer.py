"""Writing a batch: file versions first, which nobody sees, then in one transaction what a view shows.

The server answers nobody while it works on a command or a transaction, so that both are kept small.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from wherein.store.protocol import FileVersion
from wherein.store.redis import chunk
from wherein.store.redis.pacing import Pace
from wherein.store.redis.session import Session
from wherein.store.redis.showing import ATTEMPTS, Stored, show, stored_facts
from wherein.store.redis.shown import Shown, version_id
from wherein.store.spellings import storable

CHUNKS_AT_ONCE = 25
"""Sent together. Readers beside a writer, p50/p95: with 20 3.9/7.5 ms, with 100 6.5/13 ms."""

NODES_AT_ONCE = 5
"""The same where each chunk is placed in a graph, which takes nearly a millisecond."""

NAMES_AT_ONCE = 500
"""Listed by one command, which takes half a millisecond."""

CHUNK_OVERHEAD = 1_080
"""Bytes beside the values: of a hash and its fields, the key, the chunk's share of names and frequencies. Measured with
MEMORY USAGE on 10,000 chunks: 3,042 together, of which 1,900 are values."""


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
        if show(session, view, changes, stored, commit=commit, complete=complete, owner=owner):
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
    graph = client.hget(keys.meta, "algorithm") == b"HNSW"
    names: set[str] = set()
    spelt: set[str] = set()
    pace = Pace()
    for commands in _batched(
        _commands(session, fresh, result, names, spelt), NODES_AT_ONCE if graph else CHUNKS_AT_ONCE
    ):
        pipe = client.pipeline(transaction=False)
        for key, value in commands:
            pipe.hset(key, mapping=value)
        with pace:
            pipe.execute()
    for some in _batched(
        sorted(names), NAMES_AT_ONCE
    ):  # one that no view shows yet, or ever, leads to nothing
        client.zadd(keys.names, dict.fromkeys(some, 0))
    for some in _batched(sorted(spelt), NAMES_AT_ONCE):
        client.sadd(keys.spellings, *some)
    return result


def _commands(
    session: Session, files: Mapping[str, FileVersion], result: Stored, names: set[str], spelt: set[str]
) -> Iterator[tuple[str, dict[str, str | bytes]]]:
    """Keys and values of the files' chunks, counted in `result`; what they define goes to `names`, and as
    it is written to `spelt`."""
    keys = session.keys
    for version, file in files.items():
        size = 0
        lines = file.text.split("\n")
        embeddings = np.asarray(file.embeddings, np.float32)
        for row, record in enumerate(file.chunks):
            values = chunk.fields(file, version, row, record)
            result.frequencies.update(chunk.terms(values))
            spelt.update(storable(name) for name in (record.symbol, *record.names) if name)
            if tagged := values.get(chunk.NAMES):
                names.update(str(tagged).split(chunk.SEPARATOR))
            if (vector := chunk.vector(embeddings[row], session.vectors)) is not None:
                values[chunk.VECTOR] = vector
            values[chunk.TEXT] = chunk.packed_text(lines[record.start_line - 1 : record.end_line])
            size += sum(map(len, values.values())) + CHUNK_OVERHEAD
            yield keys.chunk(version, row), values
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
