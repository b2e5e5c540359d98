"""Deletes what no view shows."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from wherein.store.protocol import LEXICAL_FIELDS
from wherein.store.sqlite import deep
from wherein.store.sqlite.connection import writing

_GARBAGE = (
    "SELECT id, first_chunk, chunks FROM version WHERE id NOT IN (SELECT version FROM shown) ORDER BY id"
)


def live_chunks(db: sqlite3.Connection) -> int:
    """How many chunks the views show together."""
    shown = "SELECT coalesce(sum(chunks), 0) FROM version WHERE id IN (SELECT version FROM shown)"
    return int(db.execute(shown).fetchone()[0])


def collect(db: sqlite3.Connection) -> tuple[int, int]:
    """Delete, in one transaction, the file versions that no view shows; how many, and of how many chunks. Their
    space is free afterwards."""
    with writing(db):
        garbage = db.execute(_GARBAGE).fetchall()
        if not garbage:
            deep.collect(db)
            return 0, 0
        ids_end = db.execute("SELECT next_chunk FROM identity").fetchone()[0]
        dead = bytearray(ids_end)
        for _, first, chunks in garbage:
            dead[first : first + chunks] = b"\x01" * chunks
        db.create_function("dead", 1, bytes(dead).__getitem__, deterministic=True)
        _forget_postings(db)
        db.execute("DELETE FROM name WHERE dead(chunk)")
        db.executemany(
            "DELETE FROM chunk WHERE id >= ? AND id < ?", ((first, first + n) for _, first, n in garbage)
        )
        db.executemany("DELETE FROM vectors WHERE version = ?", ((version,) for version, _, _ in garbage))
        db.executemany("DELETE FROM version WHERE id = ?", ((version,) for version, _, _ in garbage))
        db.execute("DELETE FROM content WHERE id NOT IN (SELECT content FROM version)")
        db.execute("DELETE FROM frame WHERE content NOT IN (SELECT id FROM content)")
        db.execute("DELETE FROM path WHERE id NOT IN (SELECT path FROM version)")
        db.execute("UPDATE identity SET epoch = epoch + 1")
        deep.collect(db)
    return len(garbage), sum(row[2] for row in garbage)


def _forget_postings(db: sqlite3.Connection) -> None:
    """Take dead chunks out of the inverted index.

    A contentless FTS5 table wants the terms of what it deletes (`contentless_delete` came with SQLite 3.43).
    The index itself tells them, in 0.7 s for 50,000 chunks; storing them would cost 290 bytes a chunk.
    """
    db.executemany(
        "INSERT INTO lexical (lexical, rowid, symbol, path, doc, body) VALUES ('delete', ?, ?, ?, ?, ?)",
        list(_dead_streams(db)),
    )
    db.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")  # else only marks of deletion were added


def _dead_streams(db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    rows = db.execute(
        "SELECT doc, col, group_concat(term, ' ') FROM posting WHERE dead(doc) GROUP BY doc, col ORDER BY doc"
    )
    for chunk, fields in groupby(rows, key=lambda row: row[0]):
        streams = {column: terms for _, column, terms in fields}
        yield chunk, *(streams.get(field, "") for field in LEXICAL_FIELDS)
