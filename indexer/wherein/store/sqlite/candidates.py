"""Rows of the index as the values that the protocol speaks of."""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from wherein.store.protocol import Candidate
from wherein.store.sqlite.connection import to_name

_SELECT = (
    "SELECT chunk.id, path.name, version.blob, chunk.start_line, chunk.end_line, chunk.kind, chunk.symbol, "
    "chunk.qualified_name, chunk.names, version.language, chunk.profile "
    "FROM chunk JOIN version ON version.id = chunk.version JOIN path ON path.id = version.path "
)


def by_id(db: sqlite3.Connection, ids: Iterable[int]) -> list[Candidate]:
    """The chunks of the given ids, in order of their ids."""
    listed = ",".join(map(str, ids))  # integers: nothing to escape, and no limit on their number
    return _candidates(db.execute(f"{_SELECT} WHERE chunk.id IN ({listed}) ORDER BY chunk.id"))


def of_version(db: sqlite3.Connection, version: int) -> list[Candidate]:
    """The chunks of a file version, by line."""
    first, chunks = db.execute("SELECT first_chunk, chunks FROM version WHERE id = ?", (version,)).fetchone()
    return by_id(db, range(first, first + chunks))


def texts(db: sqlite3.Connection, ids: Sequence[int]) -> list[str]:
    """The lines of each chunk, in the order asked for; empty for an id that is gone."""
    listed = ",".join(map(str, ids))
    rows = db.execute(
        "SELECT chunk.id, chunk.start_line, chunk.end_line, version.content "  # noqa: S608 (ids)
        f"FROM chunk JOIN version ON version.id = chunk.version WHERE chunk.id IN ({listed}) "
        "ORDER BY version.content"
    ).fetchall()
    found: dict[int, str] = {}
    for content, chunks in groupby(rows, key=lambda row: row[3]):
        data = db.execute("SELECT data FROM content WHERE id = ?", (content,)).fetchone()[0]
        lines = zlib.decompress(data).decode("utf-8").split("\n")
        for chunk, start, end, _ in chunks:
            found[chunk] = "\n".join(lines[start - 1 : end])
    return [found.get(chunk, "") for chunk in ids]


def names_of(stored: str) -> tuple[str, ...]:
    """The further names of a chunk, as `stored_names` wrote them."""
    return tuple(stored.split("\n")) if stored else ()


def stored_names(names: Sequence[str]) -> str:
    """Further names as one text: a name never holds a line's end."""
    return "\n".join(" ".join(name.split("\n")) for name in names)


def _candidates(rows: Iterable[tuple[Any, ...]]) -> list[Candidate]:
    return [
        Candidate(row[0], to_name(row[1]), *row[2:8], names_of(row[8]), row[9], row[10])  # type: ignore[call-arg]
        for row in rows
    ]
