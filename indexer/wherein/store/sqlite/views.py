"""Which views there are, and what they show."""

import sqlite3

import numpy as np
from numpy.typing import NDArray

from wherein.store.protocol import ViewRecord
from wherein.store.sqlite.connection import to_bytes, to_name

_SHOWN = (
    "FROM view JOIN shown ON shown.view = view.id JOIN version ON version.id = shown.version "
    "JOIN path ON path.id = version.path WHERE view.name = ?"
)

_OF_VIEW = "FROM shown JOIN version ON version.id = shown.version WHERE shown.view = ?"


def records(db: sqlite3.Connection, name: str | None = None) -> list[ViewRecord]:
    """All views, or the one of that name, most recently updated first."""
    rows = db.execute(
        "SELECT id, name, head, complete, updated FROM view WHERE :name IS NULL OR name = :name "
        "ORDER BY updated DESC, id DESC",
        {"name": None if name is None else to_bytes(name)},
    ).fetchall()
    return [_record(db, *row) for row in rows]


def files(db: sqlite3.Connection, view: str) -> dict[str, str]:
    """Path → blob."""
    rows = db.execute(f"SELECT path.name, version.blob {_SHOWN}", (to_bytes(view),))
    return {to_name(path): blob for path, blob in rows}


def skipped_files(db: sqlite3.Connection, view: str) -> dict[str, str]:
    """Path → reason."""
    rows = db.execute(f"SELECT path.name, version.skip {_SHOWN} AND version.skip != ''", (to_bytes(view),))
    return {to_name(path): reason for path, reason in rows}


def version_of(db: sqlite3.Connection, path: str, blob: str) -> int | None:
    """The id of a stored file version."""
    row = db.execute(
        "SELECT version.id FROM path JOIN version ON version.path = path.id "
        "WHERE path.name = ? AND version.blob = ?",
        (to_bytes(path), blob),
    ).fetchone()
    return row[0] if row else None


def version_shown(db: sqlite3.Connection, view: str, path: str) -> int | None:
    """The id of the file version that a view shows under a path."""
    row = db.execute(
        "SELECT shown.version FROM shown WHERE view = (SELECT id FROM view WHERE name = ?) "
        "AND path = (SELECT id FROM path WHERE name = ?)",
        (to_bytes(view), to_bytes(path)),
    ).fetchone()
    return row[0] if row else None


def drop(db: sqlite3.Connection, name: str) -> bool:
    """Forget a view; whether there was one."""
    row = db.execute("SELECT id FROM view WHERE name = ?", (to_bytes(name),)).fetchone()
    if row is None:
        return False
    db.execute("DELETE FROM shown WHERE view = ?", row)
    db.execute("DELETE FROM view WHERE id = ?", row)
    return True


def copy(db: sqlite3.Connection, source: str, target: str) -> bool:
    """Let a view show what another shows; whether there is that other."""
    if source == target:
        return bool(records(db, source))
    drop(db, target)
    made = db.execute(
        "INSERT INTO view (name, head, complete, updated) SELECT ?, head, complete, updated FROM view WHERE name = ?",
        (to_bytes(target), to_bytes(source)),
    )
    if not made.rowcount:
        return False
    db.execute(
        "INSERT INTO shown SELECT ?, shown.path, shown.version FROM shown JOIN view ON view.id = shown.view "
        "WHERE view.name = ?",
        (made.lastrowid, to_bytes(source)),
    )
    return True


def _record(
    db: sqlite3.Connection, view: int, name: bytes, head: str | None, complete: int, updated: float
) -> ViewRecord:
    files, chunks, skips = db.execute(
        f"SELECT count(*), coalesce(sum(version.chunks), 0), coalesce(sum(version.skip != ''), 0) {_OF_VIEW}",
        (view,),
    ).fetchone()
    by_reason = (  # apart, for sorting all files by it takes half as long again
        db.execute(
            f"SELECT version.skip, count(*) {_OF_VIEW} AND version.skip != '' GROUP BY version.skip", (view,)
        ).fetchall()
        if skips
        else []
    )
    return ViewRecord(
        name=to_name(name),
        commit=head,
        complete=bool(complete),
        updated=updated,
        files=files,
        chunks=chunks,
        skipped=dict(by_reason),
    )


def states(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    """What is another one as soon as any view shows anything else: each write to a view notes its time."""
    return db.execute("SELECT id, name, head, complete, updated FROM view ORDER BY id").fetchall()


def first_chunks(db: sqlite3.Connection, view: str, mask: NDArray[np.uint8], limit: int) -> list[int]:
    """The ids of the first chunks, by path and line, that a mask lets through."""
    rows = db.execute(
        "SELECT version.first_chunk, version.chunks, path.name FROM view JOIN shown ON shown.view = view.id "
        "JOIN version ON version.id = shown.version JOIN path ON path.id = version.path WHERE view.name = ?",
        (to_bytes(view),),
    )
    found: list[int] = []
    for first, chunks, _ in sorted(rows, key=lambda row: to_name(row[2])):
        found += (np.flatnonzero(mask[first : first + chunks]) + first).tolist()
        if len(found) >= limit:
            break
    return found[:limit]
