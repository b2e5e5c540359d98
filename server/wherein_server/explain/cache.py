"""Answers kept in the data folder: the same prompt to the same model gets its answer from there."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from wherein import private

VERSION = 1
"""Of what is kept; another one finds nothing."""

MOST_ANSWERS = 1_000
"""Some 3 MB. Beyond it those that were not asked for longest are deleted."""

LOCK_PATIENCE = 1.0
"""Seconds. An answer that cannot be kept is no reason to wait."""


def cache_key(model: str, messages: list[dict[str, str]], max_tokens: int) -> str:
    """What an answer depends on, as a digest."""
    asked = json.dumps([VERSION, model, messages, max_tokens], ensure_ascii=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def recall(folder: Path, key: str) -> dict[str, Any] | None:
    """A kept answer; None if there is none or the cache cannot be read."""
    if not (folder / "answers.db").exists():
        return None
    try:
        with _opened(folder) as db:
            row = db.execute("SELECT answer FROM answer WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            db.execute("UPDATE answer SET used = ? WHERE key = ?", (time.time(), key))
            document = json.loads(row[0])
            return document if isinstance(document, dict) else None
    except (sqlite3.Error, OSError, ValueError):
        return None


def keep(folder: Path, key: str, answer: dict[str, Any]) -> None:
    """Keep an answer; without a word where that is not possible."""
    try:
        private.folder(folder)
        with _opened(folder) as db:
            db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (key, time.time(), json.dumps(answer))
            )
            db.execute(
                "DELETE FROM answer WHERE key NOT IN (SELECT key FROM answer ORDER BY used DESC LIMIT ?)",
                (MOST_ANSWERS,),
            )
    except (sqlite3.Error, OSError):
        return


@contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / "answers.db"
    private.create(path)
    with closing(sqlite3.connect(path, timeout=LOCK_PATIENCE)) as db, db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, used REAL, answer TEXT) WITHOUT ROWID"
        )
        yield db
