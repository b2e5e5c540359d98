"""The names of all chunks, read when similar names are first asked for, and topped up."""

import sqlite3

from wherein.store.name_book import NameBook
from wherein.store.sqlite.candidates import names_of


class Names:
    """Ids rise and rows never change, so that what is known stays so until rows are deleted."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}
        self._end = 0
        self._book = NameBook(())

    def book(self, db: sqlite3.Connection) -> NameBook:
        """All names, made anew where there are others."""
        before = len(self._known)
        rows = db.execute("SELECT id, symbol, names FROM chunk WHERE id > ? ORDER BY id", (self._end,))
        for self._end, symbol, names in rows:
            self._known[symbol] = None
            if names:
                self._known.update(dict.fromkeys(names_of(names)))
        self._known.pop("", None)
        if len(self._known) != before:
            self._book = NameBook(list(self._known))
        return self._book
