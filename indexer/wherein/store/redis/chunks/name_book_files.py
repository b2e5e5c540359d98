"""The names of repositories as they were read here, kept on this machine: who asks for one is sent what is new of them.

The stream that they are in tells whether it is still the one that was read (`name_book.py`).
"""

import hashlib
import os
import zlib
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.sealed import sealed, unsealed
from wherein.store.redis.chunks.name_book import NOTHING, Book

FOLDER = "names"

MOST_KEPT = 64
"""Files: 7 bytes a chunk of a repository's. The one that was not used for longest goes first."""

LARGEST = 8_000_000
"""Bytes of one."""

LETTERS = 24
"""Of a file's name."""

_END = b"\0"


class BooksHere:
    """The names of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def read(self, key: str) -> Book:
        """The names that a server keeps under a key, as they were; NOTHING where they are not kept, or damaged."""
        try:
            raw = zlib.decompress(unsealed(private.read(self._file(key))) or b"")
            head, last, *entries = raw.split(_END)
            os.utime(self._file(key))
            return Book(head, last, frozenset(entry.decode() for entry in entries))
        except (OSError, ValueError, zlib.error):
            return NOTHING

    def keep(self, key: str, book: Book) -> None:
        """Keep them. What cannot be written is read from the server again."""
        entries = sorted(entry.encode() for entry in book.entries)
        raw = sealed(zlib.compress(_END.join((book.head, book.last, *entries)), 1))
        if len(raw) > LARGEST:
            return
        with suppress(OSError):
            private.folder(self._folder)
            private.write(self._file(key), raw)
            private.keep_newest(self._folder, MOST_KEPT, f"[0-9a-f]{{{LETTERS}}}")

    def _file(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()[:LETTERS]
