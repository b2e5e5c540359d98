"""Writing to the deep tier: a batch of vectors, and that a view is whole."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass
from wherein.store.deep import CONTENT_BYTES, DeepModel, DeepRow
from wherein.store.int8 import rows_of
from wherein.store.redis import keys as names
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.deep.on_server import model_in, noted_in, tag_of, whole_vector
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.summed import summed
from wherein.store.redis.trees.contents import to_bytes

if TYPE_CHECKING:
    from wherein.store.deep import Row, Vector

NOTED_EVERY = 86_400.0
"""Seconds after which it is noted again that a model is in use."""

LOG_LENGTH = 2_000
"""Batches. A reader that was away for longer reads all rows again, and the vectors that it does not have."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored already of what a batch is about."""

    model: DeepModel | None
    vectors: set[bytes]
    """contents"""
    linked: dict[str, bytearray]
    """file version → the contents of its chunks, joined"""


def put(session: Session, right: Right, model: DeepModel, rows: Sequence[DeepRow], now: float) -> int:
    """Store and link, by the holder of the right to write; how many chunks have a vector by it."""
    tag = tag_of(model.id)
    places = _places(session, rows)
    fresh = {row.content: row.vector for row in rows if row.vector is not None}
    stored = _stored(session, right, tag, places, [row.content for row in rows if row.vector is None])
    has_vector = stored.vectors | fresh.keys()
    filled = _fill(stored.linked, [each for each in places if each[2] in has_vector])
    commands = [
        *_vectors(session, model, fresh),
        *(_links(session, tag, stored.linked) if filled else ()),
        *_in_use(session, model, stored.model, now),
    ]
    if commands:
        right.commit(commands)
    return filled


def _stored(
    session: Session,
    right: Right,
    tag: str,
    places: Iterable[tuple[str, int, bytes]],
    contents: Sequence[bytes],
) -> _Stored:
    """What is stored of the file versions of some places, and whether these contents have vectors."""
    keys = session.keys
    versions = list(dict.fromkeys(version for version, _, _ in places))
    model, listed, linked, vectors = right.ask(
        [
            ("HGET", names.deep_models(keys.prefix), tag),
            ("HMGET", keys.versions, *(versions or [""])),
            ("HMGET", keys.deep_rows(tag), *(versions or [""])),
            ("HMGET", names.deep_vectors(keys.prefix, tag), *(contents or [b""])),
        ]
    )
    return _Stored(
        model_in(model),
        {each for each, raw in zip(contents, vectors, strict=False) if whole_vector(raw) is not None},
        {
            version: bytearray(_padded(raw, int(facts.split()[0])))
            for version, facts, raw in zip(versions, listed, linked, strict=False)
            if facts is not None
        },
    )


def _vectors(session: Session, model: DeepModel, fresh: Mapping[bytes, "Vector | Row"]) -> list[Command]:
    """The command that stores vectors, by content."""
    if not fresh:
        return []
    packed = rows_of(list(fresh.values()), model.dimension, model.id)
    pairs = zip(fresh, (summed(each.tobytes()) for each in packed), strict=True)
    vectors = names.deep_vectors(session.keys.prefix, tag_of(model.id))
    return [("HSET", vectors, *(word for pair in pairs for word in pair))]


def _links(session: Session, tag: str, linked: Mapping[str, bytearray]) -> list[Command]:
    """The commands that link the chunks of file versions with vectors, and tell readers so."""
    changed = [word for version, raw in linked.items() for word in (version, bytes(raw))]
    return [
        ("HSET", session.keys.deep_rows(tag), *changed),
        ("XADD", session.keys.deep_log(tag), "MAXLEN", "~", LOG_LENGTH, "*", "v", " ".join(linked)),
    ]


def _in_use(session: Session, model: DeepModel, noted: DeepModel | None, now: float) -> list[Command]:
    """The command that notes that a model is in use, if that is due."""
    if noted is not None and noted.setting == model.setting and now - noted.used <= NOTED_EVERY:
        return []
    facts = {"id": model.id, "dimension": model.dimension, "setting": model.setting, "used": now}
    return [("HSET", names.deep_models(session.keys.prefix), tag_of(model.id), json.dumps(facts))]


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
