"""Rows of the index as values of the protocol."""

import sqlite3
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from wherein.store.protocol import Candidate
from wherein.store.sqlite.connection import to_name

if TYPE_CHECKING:
    from wherein.store.sqlite.memory import Memory

VERSIONS_KEPT = 8_000
"""File versions remembered at once, about 400 bytes each. A query meets some 200, and most of them again and again:
joining their rows to those of the chunks took a third of the time that candidates take."""

NOTHING: Mapping[int, float] = {}

_CHUNKS = (
    "SELECT id, version, start_line, end_line, kind, symbol, qualified_name, names, profile FROM chunk "
    "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
)
"""One statement for any number of ids, so that it is compiled once: that took a fifth of the time."""
_PLACES = (
    "SELECT chunk.id FROM json_each(?) AS one CROSS JOIN chunk ON chunk.id = one.value "
    "JOIN version ON version.id = chunk.version JOIN path ON path.id = version.path "
    "ORDER BY path.name, chunk.start_line, chunk.id LIMIT ?"
)
"""Sorted by SQLite: of 50,000 chunks with one score 7 ms; by Python 100."""
_VERSIONS = (
    "SELECT version.id, path.name, version.blob, version.language FROM version "
    "JOIN path ON path.id = version.path WHERE version.id IN (SELECT value FROM json_each(?))"
)


class Versions:
    """Path, blob and language of file versions, by id; they never change."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, str, str]] = {}

    def of(self, db: sqlite3.Connection, wanted: set[int]) -> dict[int, tuple[str, str, str]]:
        """Those wanted, and more."""
        if missing := {version for version in wanted if version not in self._known}:
            if len(self._known) + len(missing) > VERSIONS_KEPT:
                self._known.clear()
                missing = wanted
            for version, path, blob, language in db.execute(_VERSIONS, (str(list(missing)),)):
                self._known[version] = to_name(path), blob, language
        return self._known


def by_id(
    db: sqlite3.Connection,
    memory: "Memory",
    ids: Iterable[int],
    *,
    lexical: Mapping[int, float] = NOTHING,
    semantic: Mapping[int, float] = NOTHING,
    named: Container[int] = (),
) -> list[Candidate]:
    """The chunks of the given ids, in order of their ids, each with what retrievers say of it."""
    rows = db.execute(_CHUNKS, (str(list(ids)),)).fetchall()
    known = memory.versions.of(db, {row[1] for row in rows})
    found, made = [], memory.outer(0)
    for chunk, version, start, end, kind, symbol, qualified_name, names, profile in rows:
        path, blob, language = known[version]
        found.append(
            Candidate(
                made | chunk,
                path,
                blob,
                start,
                end,
                kind,
                symbol,
                qualified_name,
                names_of(names) if names else (),
                language,
                profile,
                lexical.get(chunk, 0.0),
                semantic.get(chunk, 0.0),
                chunk in named,
            )
        )
    return found


def first_by_place(db: sqlite3.Connection, ids: Collection[int], room: int) -> list[int]:
    """Of chunks that are equal otherwise, the first `room` by path and line: those whichever their ids are."""
    if room <= 0 or len(ids) <= room:
        return list(ids)[: max(room, 0)]
    return [chunk for (chunk,) in db.execute(_PLACES, (str(list(ids)), room))]


def of_version(db: sqlite3.Connection, memory: "Memory", version: int) -> list[Candidate]:
    """The chunks of a file version, by line."""
    first, chunks = db.execute("SELECT first_chunk, chunks FROM version WHERE id = ?", (version,)).fetchone()
    return by_id(db, memory, range(first, first + chunks))


def names_of(stored: str) -> tuple[str, ...]:
    """The further names of a chunk, as `stored_names` wrote them."""
    return tuple(stored.split("\n")) if stored else ()


def stored_names(names: Sequence[str]) -> str:
    """Further names as one text: a name never holds a line's end."""
    return "\n".join(" ".join(name.split("\n")) for name in names)
