"""A reader's copy of the name book, in memory and in a file of this machine: only what is new is asked for.

The stream that they are in tells whether it is still the one that was read (`name_book.py`).
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wherein.sealed import sealed, unsealed
from wherein.store.redis.chunks import name_book
from wherein.store.redis.chunks.name_book import NOTHING, Book
from wherein.store.redis.kept_files import KeptFiles
from wherein.store.redis.keys import Keys

FOLDER = "names"

MOST_KEPT = 64
"""Files: 7 bytes a chunk of a repository's."""

LARGEST = 8_000_000
"""Bytes of one."""

LETTERS = 24
"""Of a file's name."""

KEPT_AGAIN = 1.05
"""All names are written again once there are this many times as many."""

Run = Callable[[Callable[[Any], object]], list[Any]]
"""`Session.run`."""

_END = b"\0"


class NameBookCopy:
    """The copy of one generation's book."""

    def __init__(self, keys: Keys, data_dir: Path | None, run: Run) -> None:
        """Without a `data_dir` no file is kept."""
        self._keys = keys
        self._files = None if data_dir is None else NameBookFiles(data_dir)
        self._run = run
        self._book: Book | None = None

    @property
    def known(self) -> Book:
        """All names as they were when they were last asked for on this machine."""
        if self._book is None:
            self._book = NOTHING if self._files is None else self._files.read(self._keys.names)
        return self._book

    def follow(self, before: Book, answers: Sequence[Any]) -> Book:
        """All names, by the answers to a `name_book.ask` that was sent when `before` was known."""
        book = name_book.follow(before, *answers)
        while book is None:  # it was rebuilt
            book = name_book.follow(NOTHING, *self._ask(NOTHING))
        self._book = book
        grown = len(book.entries) > len(before.entries) * KEPT_AGAIN
        if self._files is not None and (grown or book.head != before.head):
            self._files.keep(self._keys.names, book)
        return book

    def read(self) -> Book:
        """All names; only what is new of them comes."""
        before = self.known
        return self.follow(before, self._ask(before))

    def _ask(self, known: Book) -> list[Any]:
        return self._run(lambda pipe: name_book.ask(pipe, self._keys, known))


class NameBookFiles:
    """The names of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._files = KeptFiles(data_dir, FOLDER, named=f"[0-9a-f]{{{LETTERS}}}", most=MOST_KEPT)

    def read(self, key: str) -> Book:
        """The names that a server keeps under a key, as they were; NOTHING if they are not kept, or damaged."""
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
