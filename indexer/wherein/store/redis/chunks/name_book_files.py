"""The names of all chunks as they were read are kept on this machine: only what is new of them is asked for.

The stream that they are in tells whether it is still the one that was read (`name_book.py`).
"""

import hashlib
import zlib
from pathlib import Path

from wherein.sealed import sealed, unsealed
from wherein.store.redis.chunks.name_book import NOTHING, Book
from wherein.store.redis.kept_files import KeptFiles

FOLDER = "names"

MOST_KEPT = 64
"""Files: 7 bytes a chunk of a repository's."""

LARGEST = 8_000_000
"""Bytes of one."""

LETTERS = 24
"""Of a file's name."""

_END = b"\0"


class NameBookFiles:
    """The names of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._files = KeptFiles(data_dir, FOLDER, named=f"[0-9a-f]{{{LETTERS}}}", most=MOST_KEPT)

    def read(self, key: str) -> Book:
        """The names that a server keeps under a key, as they were; NOTHING where they are not kept, or damaged."""
        return self._files.read(_name(key), _unpacked) or NOTHING

    def keep(self, key: str, book: Book) -> None:
        """Keep them. What cannot be written is read from the server again."""
        entries = sorted(entry.encode() for entry in book.entries)
        raw = sealed(zlib.compress(_END.join((book.head, book.last, *entries)), 1))
        if len(raw) <= LARGEST:
            self._files.write(_name(key), raw)


def _unpacked(kept: bytes) -> Book:
    head, last, *entries = zlib.decompress(unsealed(kept) or b"").split(_END)
    return Book(head, last, frozenset(entry.decode() for entry in entries))


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:LETTERS]
