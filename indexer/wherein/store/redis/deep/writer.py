"""Writing to the deep tier: a batch of vectors, and that a view is whole."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence

from wherein.store.deep import CONTENT_BYTES, DeepModel, DeepRow
from wherein.store.int8 import rows_of
from wherein.store.redis import keys as names
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.deep.on_server import SUM_BYTES, model_in, noted_in, tag_of, whole_vector
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import to_bytes

NOTED_EVERY = 86_400.0
"""Seconds after which it is noted again that a model is in use."""

LOG_LENGTH = 2_000
"""Batches. A reader that was away for longer reads all rows again, and the vectors that it does not have."""


def put(session: Session, right: Right, model: DeepModel, rows: Sequence[DeepRow], now: float) -> int:
    """Store and link, by the holder of the right to write; how many chunks have a vector by it."""
    keys, tag = session.keys, tag_of(model.id)
    vectors = names.deep_vectors(keys.prefix, tag)
    places = _places(session, rows)
    versions = list(dict.fromkeys(version for version, _, _ in places))
    linked = [row.content for row in rows if row.vector is None]
    told, listed, before, held = right.ask(
        [
            ("HGET", names.deep_models(keys.prefix), tag),
            ("HMGET", keys.versions, *(versions or [""])),
            ("HMGET", keys.deep_rows(tag), *(versions or [""])),
            ("HMGET", vectors, *(linked or [b""])),
        ]
    )
    fresh = {row.content: row.vector for row in rows if row.vector is not None}
    there = {content for content, raw in zip(linked, held, strict=False) if whole_vector(raw) is not None}
    joined = {
        version: bytearray(_padded(raw, int(facts.split()[0])))
        for version, facts, raw in zip(versions, listed, before, strict=False)
        if facts is not None
    }
    filled = _fill(joined, [each for each in places if each[2] in fresh or each[2] in there])
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


def _places(session: Session, rows: Sequence[DeepRow]) -> list[tuple[str, int, bytes]]:
    """File version, place among its chunks, and content of each row; without chunks of another generation."""
    found = []
    for row in rows:
        version, _, at = (session.key(str(row.chunk)) or "").removeprefix(session.keys.chunks).rpartition(":")
        if version:
            found.append((version, int(at), row.content))
    return found


def _fill(joined: Mapping[str, bytearray], places: Iterable[tuple[str, int, bytes]]) -> int:
    """Write contents to their places among those of their file versions; how many are new there."""
    filled = 0
    for version, at, content in places:
        part = slice(at * CONTENT_BYTES, (at + 1) * CONTENT_BYTES)
        own = joined.get(version)
        if own is not None and part.stop <= len(own) and own[part] != content:
            own[part] = content
            filled += 1
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
