"""Writing to the deep tier: a batch of vectors, and that a view is whole."""

import json
import zlib
from collections.abc import Sequence

from wherein.store.deep import CONTENT_BYTES, DeepModel, DeepRow
from wherein.store.int8 import rows_of
from wherein.store.redis import keys as names
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.deep.on_server import SUM_BYTES, model_in, noted_in, tag_of, whole_vector
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import to_bytes

NOTED_EVERY = 86_400.0
"""Seconds, after which it is noted again that a model is in use."""

LOG_LENGTH = 2_000
"""Batches. Who read before that reads all rows anew, and of the vectors those that are not held."""


def put(session: Session, right: Right, model: DeepModel, rows: Sequence[DeepRow], now: float) -> int:
    """Store and link, by who holds the right to write; how many chunks have a vector by it."""
    keys, tag = session.keys, tag_of(model.id)
    vectors = names.deep_vectors(keys.prefix, tag)
    places = {
        row: (place.rpartition(":")[0], int(place.rpartition(":")[2]))
        for row in range(len(rows))
        if (place := (session.key(str(rows[row].chunk)) or "").removeprefix(keys.chunks))
    }
    versions = list(dict.fromkeys(version for version, _ in places.values()))
    linked = [row.content for row in rows if row.vector is None]
    told, listed, before, held = right.ask(
        [
            ("HGET", names.deep_models(keys.prefix), tag),
            ("HMGET", keys.versions, *(versions or [""])),
            ("HMGET", keys.deep_rows(tag), *(versions or [""])),
            ("HMGET", vectors, *(linked or [b""])),
        ]
    )
    there = {content for content, raw in zip(linked, held, strict=False) if whole_vector(raw) is not None}
    fresh = {row.content: row.vector for row in rows if row.vector is not None}
    joined = {
        version: bytearray(_padded(raw, int(facts.split()[0])))
        for version, facts, raw in zip(versions, listed, before, strict=False)
        if facts is not None
    }
    filled = 0
    for row, (version, at) in places.items():
        content, part = rows[row].content, slice(at * CONTENT_BYTES, (at + 1) * CONTENT_BYTES)
        if version not in joined or not (content in fresh or content in there):
            continue
        if part.stop <= len(joined[version]) and joined[version][part] != content:
            joined[version][part] = content
            filled += 1
    commands: list[Command] = []
    if fresh:
        packed = rows_of(list(fresh.values()), model.dimension, model.id)
        pairs = zip(fresh, (_summed(each.tobytes()) for each in packed), strict=True)
        commands.append(("HSET", vectors, *(word for pair in pairs for word in pair)))
    if filled:
        changed = [word for version, raw in joined.items() for word in (version, bytes(raw))]
        commands.append(("HSET", keys.deep_rows(tag), *changed))
        commands.append(("XADD", keys.deep_log(tag), "MAXLEN", "~", LOG_LENGTH, "*", "v", " ".join(joined)))
    noted = model_in(told)
    if noted is None or noted.setting != model.setting or now - noted.used > NOTED_EVERY:
        facts = {"id": model.id, "dimension": model.dimension, "setting": model.setting, "used": now}
        commands.append(("HSET", names.deep_models(keys.prefix), tag, json.dumps(facts)))
    if commands:
        right.commit(commands)
    return filled


def note_whole(session: Session, right: Right, view: str, model: str, now: float) -> None:
    """See `DeepTier.deep_note_whole`."""
    keys = session.keys
    (raw,) = right.ask([("HGET", keys.deep_whole, to_bytes(view))])
    noted = noted_in(raw) | {tag_of(model): now}
    right.commit([("HSET", keys.deep_whole, to_bytes(view), json.dumps(noted))], last=True)


def _padded(raw: bytes | None, rows: int) -> bytes:
    wanted = rows * CONTENT_BYTES
    return (raw or b"")[:wanted].ljust(wanted, b"\0")


def _summed(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(SUM_BYTES, "little") + data
