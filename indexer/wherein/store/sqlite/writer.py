"""Writes a batch: file versions, and what a view shows."""

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from wherein.store.int8 import pack
from wherein.store.protocol import FileVersion, Header, NotStored
from wherein.store.spellings import folded_spellings, storable
from wherein.store.sqlite.candidates import stored_names
from wherein.store.sqlite.connection import to_bytes
from wherein.store.sqlite.frames import frames

_UPSERT_VIEW = (
    "INSERT INTO view (name, head, complete, updated) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
    "head = excluded.head, complete = excluded.complete, updated = excluded.updated RETURNING id"
)
_INSERT_VERSION = "INSERT INTO version VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_CHUNK = "INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_LEXICAL = "INSERT INTO lexical (rowid, symbol, path, doc, body) VALUES (?, ?, ?, ?, ?)"
_SHOW = "INSERT INTO shown VALUES (?, ?, ?) ON CONFLICT (view, path) DO UPDATE SET version = excluded.version"
_LINK = (
    "INSERT INTO shown SELECT ?, path.id, version.id FROM path JOIN version ON version.path = path.id "
    "WHERE path.name = ? AND version.blob = ? "
    "ON CONFLICT (view, path) DO UPDATE SET version = excluded.version"
)
_HIDE = "DELETE FROM shown WHERE view = ? AND path = (SELECT id FROM path WHERE name = ?)"


class Batch:
    """The rows of one transaction, gathered by table so that each table is written in one go."""

    def __init__(self, db: sqlite3.Connection, header: Header) -> None:
        self._db = db
        self._header = header
        self._next_chunk: int = db.execute("SELECT next_chunk FROM identity").fetchone()[0]
        self._chunks: list[tuple[object, ...]] = []
        self._lexical: list[tuple[object, ...]] = []
        self._names: list[tuple[str, int]] = []
        self._frames: list[tuple[int, int, bytes]] = []

    def view(self, name: str, commit: str | None, complete: bool) -> int:
        """Record the state of a view, creating it if it is new. Returns its id."""
        row = self._db.execute(_UPSERT_VIEW, (to_bytes(name), commit, complete, time.time())).fetchall()
        return int(row[0][0])

    def hide(self, view: int, paths: Iterable[str]) -> None:
        """Remove paths from a view."""
        self._db.executemany(_HIDE, ((view, to_bytes(path)) for path in paths))

    def link(self, view: int, versions: Mapping[str, str]) -> None:
        """Show stored versions. Raises NotStored if one is not stored."""
        rows = ((view, to_bytes(path), blob) for path, blob in versions.items())
        if versions and self._db.executemany(_LINK, rows).rowcount != len(versions):
            raise NotStored("a view can only show file versions that are stored")

    def put(self, view: int, files: Sequence[FileVersion]) -> None:
        """Store file versions that are not stored yet, and show them."""
        shown = []
        for file in files:
            path = self._path(to_bytes(file.path))
            row = self._db.execute(
                "SELECT id FROM version WHERE path = ? AND blob = ?", (path, file.blob)
            ).fetchone()
            shown.append((view, path, row[0] if row else self._store(path, file)))
        self._db.executemany(_SHOW, shown)

    def finish(self) -> None:
        """Write what was gathered."""
        self._db.executemany(_INSERT_CHUNK, self._chunks)
        self._db.executemany(_INSERT_LEXICAL, self._lexical)
        self._db.executemany("INSERT INTO frame VALUES (?, ?, ?)", self._frames)
        self._names.sort()  # neighbours in the table are written together
        self._db.executemany("INSERT INTO name VALUES (?, ?)", self._names)
        self._db.execute("UPDATE identity SET next_chunk = ?", (self._next_chunk,))

    def _store(self, path: int, file: FileVersion) -> int:
        count = len(file.chunks)
        embeddings = np.asarray(file.embeddings, dtype=np.float32)
        if embeddings.shape != (count, self._header.dimension) and (count or embeddings.size):
            raise ValueError(f"embeddings of shape {embeddings.shape} for {count} chunks of {file.path!r}")
        first = self._next_chunk
        self._next_chunk += count
        content = self._content(file.text)
        streams = list(filter(None, chain.from_iterable(record.streams for record in file.chunks)))
        together = "\n".join(streams)
        terms, plain = together.count(" ") + len(streams), together.isascii()
        cursor = self._db.execute(
            _INSERT_VERSION, (path, file.blob, file.language, file.skip, content, first, count, terms)
        )
        version = cursor.lastrowid or 0
        for chunk, record in enumerate(file.chunks, start=first):
            self._chunks.append(
                (
                    chunk,
                    version,
                    record.start_line,
                    record.end_line,
                    record.kind,
                    storable(record.symbol),
                    storable(record.qualified_name),
                    storable(stored_names(record.names)),
                    record.profile,
                )
            )
            self._lexical.append((chunk, *(record.streams if plain else map(storable, record.streams))))
            if record.symbol or record.qualified_name or record.names:
                for name in folded_spellings(record.symbol, record.qualified_name, record.names):
                    self._names.append((name, chunk))
        if embeddings.size:
            self._db.execute(
                "INSERT INTO vectors VALUES (?, ?, ?, ?)", (version, first, count, pack(embeddings).tobytes())
            )
        return version

    def _content(self, text: str) -> int:
        raw = storable(text).encode("utf-8")
        digest = hashlib.blake2b(raw, digest_size=16).digest()
        row = self._db.execute("SELECT id FROM content WHERE digest = ?", (digest,)).fetchone()
        if row:
            return int(row[0])
        content = self._db.execute("INSERT INTO content (digest) VALUES (?)", (digest,)).lastrowid or 0
        self._frames += ((content, first_line, data) for first_line, data in frames(raw))
        return content

    def _path(self, name: bytes) -> int:
        row = self._db.execute("SELECT id FROM path WHERE name = ?", (name,)).fetchone()
        if row:
            return int(row[0])
        return self._db.execute("INSERT INTO path (name) VALUES (?)", (name,)).lastrowid or 0
