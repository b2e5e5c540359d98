"""Restoring in place what the server lost of an index, or what is damaged in it.

Whole values are deleted only if neither a list nor a view names them any more. What cannot be restored is forgotten, so
that the next update of somebody who has the files stores it again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from redis.exceptions import ResponseError

from wherein.errors import IndexIncompatible
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import chunk
from wherein.store.redis.connection.failures import is_missing_index
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.damage.lost_keys import lost
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.reading import query
from wherein.store.redis.search_index import search_index
from wherein.store.redis.session import Session
from wherein.store.redis.trees import stored_trees
from wherein.store.redis.trees.contents import to_bytes, to_name, version_id
from wherein.store.redis.upkeep.counts import AT_ONCE, count_again, sliced
from wherein.store.redis.views.reachable import reachable
from wherein.store.redis.views.record import Record, Seen, unpack_record
from wherein.store.redis.writing.base_tree import stored
from wherein.store.undecodable import UNDECODABLE

BYTES_A_CHUNK = 2_000
"""Counted for a version whose entry was lost: an estimate, as all sizes are."""


def lacks(session: Session, view: str) -> str:
    """What is missing, in words; empty if nothing is. A few cheap questions about the whole index, and whether
    everything that one view shows is stored."""
    found = lost(session.client, session.keys)
    if not found and session.client.hget(session.keys.views, to_bytes(view)) is not None:
        seen = _seen(session, view)
        if seen is None or _unlisted(session, seen):
            found = [f"what the view {view} shows"]
    return " and ".join(found)


def mend(session: Session, right: Right) -> None:
    """Restore what is missing or damaged, by the holder of the right to write. Views that show what cannot be restored
    become incomplete, and the next update of each repairs that; views that cannot be read are dropped."""
    client, keys = session.client, session.keys
    _delete_other_kinds(client, right, keys)
    records, seen = _views(session, right)
    _mend_trees(session, right, records.values())
    listed = _listed(client, right, keys)
    known = {version: int(facts.split()[0]) for version, facts in listed.items()}
    whole = _whole(session, right, known | reachable(session))
    again = {
        version: f"{chunks} {chunks * BYTES_A_CHUNK}".encode()
        for version, chunks in whole.items()
        if version not in listed
    }
    for some in sliced(again):
        right.commit([("HSET", keys.versions, *(word for each in some for word in (each, again[each])))])
    gone = [version for version in listed if version not in whole]
    for version in gone:
        rows = [*keys.of_version(version, known[version])]
        right.commit([("HDEL", keys.versions, version), *([("UNLINK", *rows)] if rows else [])])
    stored = {**listed, **again}
    for version in gone:
        del stored[version]
    _delete_unlisted(session, right, stored)
    count_again(session, right, stored)
    right.commit(
        [
            ("SADD", names.begun(keys.prefix), keys.generation),
            ("HDEL", keys.meta, "common", "common_made"),
            ("HINCRBY", keys.meta, "epoch", 1),
        ]
    )
    for name, each in seen.items():
        if records[name].complete and _unlisted(session, each):
            record = replace(each.record, complete=False, number=each.record.number + 1)
            right.commit([("HSET", keys.views, name, record.packed())])
    session.refresh()


def _delete_unlisted(session: Session, right: Right, stored: Collection[str]) -> None:
    """Delete the chunks of versions that neither a list nor a view names any more: nothing else would find them."""
    beginning = session.keys.chunks.encode()
    try:
        found = search_index.chunks_found(session.client, session.keys, query.MOST_ASKED)
    except ResponseError as error:
        if not is_missing_index(error):
            raise
        return  # it is made again, of what is there
    listed = {version.encode() for version in stored}
    unlisted = [key for key in found if key.removeprefix(beginning).partition(b":")[0] not in listed]
    for start in range(0, len(unlisted), AT_ONCE):
        right.commit([("UNLINK", *unlisted[start : start + AT_ONCE])])


def _delete_other_kinds(client: Client, right: Right, keys: Keys) -> None:
    """Delete values of another kind under the names of lists."""
    hashes = (keys.versions, keys.pending, keys.views, keys.frequencies)
    pipe = client.pipeline(transaction=False)
    for key in hashes:
        pipe.hlen(key)
    pipe.scard(keys.trees).scard(keys.parted).xrange(keys.names, count=1)
    answers = zip(
        (*hashes, keys.trees, keys.parted, keys.names), pipe.execute(raise_on_error=False), strict=True
    )
    if wrong := [key for key, answer in answers if isinstance(answer, ResponseError)]:
        right.commit([("UNLINK", *wrong)])


def _views(session: Session, right: Right) -> tuple[dict[bytes, Record], dict[bytes, Seen]]:
    """The views that can be read; others are dropped."""
    keys = session.keys
    records: dict[bytes, Record] = {}
    seen: dict[bytes, Seen] = {}
    for name, raw in session.client.hgetall(keys.views).items():
        try:
            record = unpack_record(raw)
            record.follows(Record(number=int(record.number)))
        except UNDECODABLE:
            each = None
        else:
            each = _seen(session, to_name(name))
        if each is None:
            right.commit([("HDEL", keys.views, name), ("UNLINK", keys.difference(name), keys.log(name))])
        else:
            records[name], seen[name] = record, each
    return records, seen


def _mend_trees(session: Session, right: Right, records: Iterable[Record]) -> None:
    """List exactly the trees that views are based on; others are deleted, and may not even be trees."""
    keys = session.keys
    used = {record.tree for record in records if record.tree}
    if unused := stored_trees.listed(session.client, keys) - used:
        right.commit(stored_trees.deleted(keys, unused))
    if used:
        right.commit([("SADD", keys.trees, *used)])
    for tree in used:  # this machine may have kept what the server lost
        kept = session.views.trees.get(session.client, tree)
        if kept is not None and not session.client.exists(keys.tree(tree)):
            right.commit(stored(keys, tree, kept.packed()[1], kept))


def _listed(client: Client, right: Right, keys: Keys) -> dict[str, bytes]:
    """What is listed as stored, without entries that cannot be read; those of what is pending are deleted, too."""
    found: dict[str, bytes] = {}
    for registry in (keys.pending, keys.versions):
        entries = client.hgetall(registry)
        found = {version.decode(): facts for version, facts in entries.items() if _is_entry(version, facts)}
        if wrong := [version for version in entries if version.decode("utf-8", "replace") not in found]:
            right.commit([("HDEL", registry, *wrong)])
    return found


def _is_entry(version: bytes, facts: bytes) -> bool:
    chunks, *size = facts.split()[:2] or [b""]
    return version.isalnum() and chunks.isdigit() and all(each.isdigit() for each in size)


def _seen(session: Session, view: str) -> Seen | None:
    """A view; None if it cannot be read, or does not show as much as it did."""
    try:
        seen = session.views.load(session.client, view)
    except (IndexIncompatible, ResponseError, *UNDECODABLE):
        return None
    whole = (
        seen is not None
        and len(seen.contents.files) == seen.record.files
        and seen.contents.chunks == seen.record.chunks
        and seen.record.digest in ("", seen.contents.digest)
    )
    return seen if whole else None


def _unlisted(session: Session, seen: Seen) -> set[str]:
    """The versions that a view shows, and that are not stored."""
    shown = [version_id(path, each.blob) for path, each in seen.contents.files.items()]
    pipe = session.client.pipeline(transaction=False)
    for some in sliced(shown):
        pipe.hmget(session.keys.versions, some)
    answers = [facts for some in pipe.execute() for facts in some]
    return {version for version, facts in zip(shown, answers, strict=True) if facts is None}


def _whole(session: Session, right: Right, versions: Mapping[str, int]) -> dict[str, int]:
    """Those of the versions whose chunks are all there, and undamaged as far as that can be seen."""
    rows = [(version, row) for version, chunks in versions.items() for row in range(chunks)]
    broken: set[str] = set()
    for start in range(0, len(rows), AT_ONCE):
        right.keep()
        some = rows[start : start + AT_ONCE]
        pipe = session.client.pipeline(transaction=False)
        for version, row in some:
            pipe.hgetall(session.keys.chunk(version, row))
        for (version, _), fields in zip(some, pipe.execute(raise_on_error=False), strict=True):
            if not (isinstance(fields, dict) and _is_chunk(session, version, fields)):
                broken.add(version)
    return {version: chunks for version, chunks in versions.items() if version not in broken}


def _is_chunk(session: Session, version: str, fields: Mapping[bytes, bytes]) -> bool:
    values = {name.decode("utf-8", "replace"): value for name, value in fields.items()}
    try:
        found = chunk.candidate("", values[chunk.PAYLOAD], "", "")
        chunk.text(values[chunk.TEXT])
        vector = chunk.embedding(values.get(chunk.VECTOR), session.vectors, session.header.dimension)
        for name in (chunk.TERMS, chunk.NAMES):
            values.get(name, b"").decode("ascii")
    except UNDECODABLE:
        return False
    tags = chunk.tags(found, version, directed=chunk.VECTOR in values)
    return vector.shape == (session.header.dimension,) and all(
        values.get(name, b"") == tag.encode() for name, tag in tags.items()
    )
