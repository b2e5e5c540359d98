"""Rows of the deep tier: written, counted, carried over, deleted."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wherein.store.deep import DeepModel, DeepRow
from wherein.store.description import DESCRIBED
from wherein.store.int8 import rows_of
from wherein.store.sqlite.connection import opened, to_bytes, to_name, verify

if TYPE_CHECKING:
    from wherein.store.sqlite.memory import Memory

SCHEMA_FILE = Path(__file__).with_name("deep.sql")

GRACE_DAYS = 14.0
"""For which the vectors of a model stay that nobody fills with any more, but with another one, to go back to."""

NOTED_EVERY = 86_400.0
"""Seconds, after which it is noted again that a model is in use."""

CARRIED_AT_ONCE = 1_000

_UPSERT = (
    "INSERT INTO deep_model (name, dimension, setting, used) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE "
    "SET setting = excluded.setting, used = excluded.used"
)
_STORE = (
    "INSERT INTO deep_vector (model, content, data) VALUES (?, ?, ?) ON CONFLICT (model, content) DO NOTHING"
)
_LINK = (
    "INSERT INTO deep_chunk (model, chunk, vector) SELECT model, ?, id FROM deep_vector "
    "WHERE model = ? AND content = ? AND EXISTS (SELECT 1 FROM chunk WHERE id = ?) "
    "ON CONFLICT (chunk, model) DO NOTHING"
)
_SHOWN = (
    "SELECT version.first_chunk, version.chunks, path.name FROM view JOIN shown ON shown.view = view.id "
    "JOIN version ON version.id = shown.version JOIN path ON path.id = version.path "
    "WHERE view.name = ? AND version.chunks > 0"
)


def is_there(db: sqlite3.Connection) -> bool:
    """Whether an index has a deep tier at all."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'deep_whole'").fetchone())


def model_of(db: sqlite3.Connection, name: str) -> tuple[int, int] | None:
    """Number and dimension of a model of which there are vectors."""
    if not is_there(db):
        return None
    found: tuple[int, int] | None = db.execute(
        "SELECT id, dimension FROM deep_model WHERE name = ?", (name,)
    ).fetchone()
    return found


def models(db: sqlite3.Connection) -> list[DeepModel]:
    """See `DeepTier.deep_models`."""
    if not is_there(db):
        return []
    rows = db.execute(
        "SELECT name, dimension, setting, used, (SELECT count(*) FROM deep_vector WHERE model = deep_model.id) "
        "FROM deep_model ORDER BY used DESC, id DESC"
    )
    return [DeepModel(*row) for row in rows if row[-1]]


def lacking(
    db: sqlite3.Connection, view: str, mask: NDArray[np.uint8], filled: NDArray[np.int64]
) -> dict[str, list[int]]:
    """Path → the chunks of the view that are not among the filled ones."""
    left = mask.copy()
    left[filled[filled < len(left)]] = 0
    found = {}
    for first, chunks, path in db.execute(_SHOWN, (to_bytes(view),)):
        if some := (np.flatnonzero(left[first : first + chunks]) + first).tolist():
            found[to_name(path)] = some
    return found


def known(db: sqlite3.Connection, model: int, contents: Iterable[bytes]) -> set[bytes]:
    """Those of the contents of which there is a vector."""
    found = "SELECT 1 FROM deep_vector WHERE model = ? AND content = ?"
    return {each for each in contents if db.execute(found, (model, each)).fetchone()}


def vectors(db: sqlite3.Connection, model: str, contents: Iterable[bytes]) -> dict[bytes, bytes]:
    """Those of the contents of which there is a vector."""
    if (of := model_of(db, model)) is None:
        return {}
    found = "SELECT data FROM deep_vector WHERE model = ? AND content = ?"
    rows = ((each, db.execute(found, (of[0], each)).fetchone()) for each in contents)
    return {each: row[0] for each, row in rows if row is not None}


def put(db: sqlite3.Connection, model: DeepModel, rows: Sequence[DeepRow], chunks: Sequence[int]) -> int:
    """Store and link, in the transaction of the caller; `chunks` are those of the rows. How many were linked."""
    if not is_there(db):
        for statement in SCHEMA_FILE.read_text(encoding="utf-8").split(";"):
            db.execute(statement)
    number = _noted(db, model)
    fresh = [row for row in rows if row.vector is not None]
    if fresh:
        packed = rows_of([row.vector for row in fresh if row.vector is not None], model.dimension, model.id)
        db.executemany(
            _STORE, ((number, row.content, data.tobytes()) for row, data in zip(fresh, packed, strict=True))
        )
    links = ((chunk, number, row.content, chunk) for chunk, row in zip(chunks, rows, strict=True) if chunk)
    return max(db.executemany(_LINK, links).rowcount, 0)


def _noted(db: sqlite3.Connection, model: DeepModel) -> int:
    row = db.execute(
        "SELECT id, dimension, setting, used FROM deep_model WHERE name = ?", (model.id,)
    ).fetchone()
    if row and row[1] != model.dimension:
        raise ValueError(f"{model.id} had {row[1]} dimensions, and has {model.dimension}")
    now = time.time()
    if row is None or row[2] != model.setting or now - row[3] > NOTED_EVERY:
        db.execute(_UPSERT, (model.id, model.dimension, model.setting, now))
        row = db.execute("SELECT id FROM deep_model WHERE name = ?", (model.id,)).fetchone()
    return int(row[0])


def whole(db: sqlite3.Connection, view: str) -> list[str]:
    """See `DeepTier.deep_whole`."""
    if not is_there(db):
        return []
    rows = db.execute(
        "SELECT deep_model.name FROM deep_whole JOIN deep_model ON deep_model.id = deep_whole.model "
        "WHERE view = ? AND EXISTS (SELECT 1 FROM deep_vector WHERE model = deep_model.id) "
        "ORDER BY noted DESC, deep_model.id DESC",
        (to_bytes(view),),
    )
    return [name for (name,) in rows]


def note_whole(db: sqlite3.Connection, view: str, model: int) -> None:
    """See `DeepTier.deep_note_whole`."""
    db.execute("INSERT OR REPLACE INTO deep_whole VALUES (?, ?, ?)", (to_bytes(view), model, time.time()))


def forget(db: sqlite3.Connection, model: int) -> int:
    """Delete a model's vectors, in the transaction of the caller; how many there were."""
    gone = db.execute("DELETE FROM deep_vector WHERE model = ?", (model,)).rowcount
    for table in ("deep_chunk", "deep_whole"):
        db.execute(f"DELETE FROM {table} WHERE model = ?", (model,))  # noqa: S608 (constants)
    db.execute("DELETE FROM deep_model WHERE id = ?", (model,))
    db.execute("UPDATE identity SET epoch = epoch + 1")
    return gone


def collect(db: sqlite3.Connection) -> None:
    """Delete, in the transaction of the caller, the vectors that no chunk has, and models that are out of use for
    long."""
    if not is_there(db):
        return
    before = time.time() - GRACE_DAYS * 86_400
    # who only searches with a model does not note that it is in use; descriptions are nobody's model
    last = "(SELECT max(used) FROM deep_model WHERE name != :described)"
    for (unused,) in db.execute(
        f"SELECT id FROM deep_model WHERE used < :before AND name != :described AND used < {last}",  # noqa: S608 (a constant)
        {"before": before, "described": DESCRIBED},
    ).fetchall():
        forget(db, unused)
    gone = db.execute("DELETE FROM deep_chunk WHERE chunk NOT IN (SELECT id FROM chunk)").rowcount
    gone += db.execute("DELETE FROM deep_vector WHERE id NOT IN (SELECT vector FROM deep_chunk)").rowcount
    db.execute("DELETE FROM deep_whole WHERE view NOT IN (SELECT name FROM view)")
    if gone:
        db.execute("UPDATE identity SET epoch = epoch + 1")


def carry(old: Path, db: sqlite3.Connection) -> None:
    """Take the vectors of an index that is made anew into the new one, by content, in the transaction of the caller. An
    old one that is damaged, or of another kind, has none."""
    with suppress(sqlite3.Error, OSError), closing(opened(old, "mode=ro")) as before:
        if not is_there(before):
            return
        for statement in SCHEMA_FILE.read_text(encoding="utf-8").split(";"):
            db.execute(statement)
        rows = before.execute("SELECT id, name, dimension, setting, used FROM deep_model").fetchall()
        for number, *model in rows:
            db.execute(_UPSERT, model)
            own = db.execute("SELECT id FROM deep_model WHERE name = ?", (model[0],)).fetchone()[0]
            vectors = before.execute("SELECT content, data FROM deep_vector WHERE model = ?", (number,))
            while some := vectors.fetchmany(CARRIED_AT_ONCE):
                fits = [(own, content, data) for content, data in some if len(data) == model[1]]
                db.executemany(_STORE, fits)


def chunks_here(db: sqlite3.Connection, path: Path, memory: "Memory", ids: Sequence[int | str]) -> list[int]:
    """Chunks of the file that is written to, by their ids outside; 0 for one of another file."""
    made = verify(db, path).made
    return [memory.inner_of(each, made) for each in ids]
