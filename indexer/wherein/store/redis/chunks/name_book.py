"""The names of all chunks, packed, in a stream: a reader asks only for what was added to it.

An entry holds what a chunk's names are made of: the part of its qualified name before the symbol, a mark, and the
symbol; or one of its other names. The stream begins with an empty record, whose id distinguishes it from a rebuilt one;
it is rebuilt when much was added. Each other record is some entries, compressed. Two sets, of the names and of their
beginnings, took 160 bytes a chunk; this takes ten.
"""

import os
import zlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wherein.store.name_book import NameBook
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Pipeline
from wherein.store.redis.damage import eviction
from wherein.store.redis.keys import Keys
from wherein.store.spellings import fold, folded_spellings, storable

if TYPE_CHECKING:
    from wherein.store.redis.locks.right_to_write import Right
    from wherein.store.redis.session import Session
    from wherein.store.redis.views.record import Record

ADDED = 64
"""Records that are added before the stream is rebuilt, and one more for each that it was made of."""

ENTRIES_AT_ONCE = 4_000
"""Of one record: some 30 kB."""

FACTS = ("names", "names_made", "names_born")
"""In the generation's meta: how many records there are, of how many the stream was made, and a number that
distinguishes it from a rebuilt one."""

_FIELD = "e"
_MARK, _END = "\1", "\0"
_LEVEL = 6


@dataclass(frozen=True)
class Book:
    """The stream as it was read."""

    head: bytes = b""
    """the id of its first record"""
    last: bytes = b""
    """of its last one"""
    entries: frozenset[str] = field(default=frozenset())

    @cached_property
    def names(self) -> NameBook:
        """Symbols and further names, as they are written."""
        return NameBook(sorted({entry.rpartition(_MARK)[2] for entry in self.entries} - {""}))

    def beginning(self, folded: str) -> list[str]:
        """Names that chunks are found by and that begin with `folded` and are longer, the shortest first."""
        holding = (entry for entry, text in zip(self._ordered, self._texts, strict=True) if folded in text)
        found = {name for entry in holding for name in _found_by(entry) if name.startswith(folded)}
        return sorted(found - {folded}, key=lambda name: (len(name), name))

    @cached_property
    def _ordered(self) -> list[str]:
        return list(self.entries)

    @cached_property
    def _texts(self) -> list[str]:
        """Each entry as it is looked up; folded one by one they take ten times as long."""
        if not self._ordered:
            return []
        return fold(_END.join(self._ordered)).replace(_MARK, "").split(_END)


NOTHING = Book()


def entries_of(symbol: str, qualified_name: str, names: Iterable[str]) -> set[str]:
    """The entries of a chunk."""
    symbol, qualified_name = _plain(symbol), _plain(qualified_name)
    found = set(map(_plain, names))
    if symbol and qualified_name.endswith(symbol):
        found.add(qualified_name.removesuffix(symbol) + _MARK + symbol)
    else:
        found |= {_MARK + symbol if symbol else "", qualified_name + _MARK if qualified_name else ""}
    return found - {""}


@dataclass(slots=True)
class WrittenEntries:
    """What this process knows to be in the stream, since it has added it."""

    born: int = 0
    last: "tuple[str, Record] | None" = None
    """the view that was written with the last of them, as it was then"""
    entries: set[str] = field(default_factory=set)

    def lacking(self, born: int, last: "tuple[str, Record] | None", entries: Set[str]) -> set[str]:
        """Those of the entries that may not be in the stream. What was written with a view is in it as long as the
        stream is the one `born` then, and the view, `last`, is as it was written."""
        if born != self.born or last != self.last:
            self.born, self.entries = born, set()
        return set(entries - self.entries)

    def add(self, entries: Set[str], last: "tuple[str, Record]") -> None:
        """Note what was written with a view."""
        self.entries |= entries
        self.last = last


def added(keys: Keys, entries: Iterable[str]) -> list[Command]:
    """The commands that add entries."""
    adding = _adding(keys, sorted(entries))
    return [*adding, ("HINCRBY", keys.meta, "names", len(adding))] if adding else []


def is_due(records: int, made: int) -> bool:
    """Whether so much was added to the stream that it should be rebuilt, by FACTS."""
    return records > ADDED + 2 * made


def ask(pipe: Pipeline, keys: Keys, known: Book) -> Pipeline:
    """Ask what `follow` needs: the first record, and those that are new."""
    since = f"({known.last.decode()}" if known is not NOTHING else "-"
    return pipe.xrange(keys.names, count=1).xrange(keys.names, since)


def follow(known: Book, first: Sequence[Any], fresh: Sequence[Any]) -> Book | None:
    """The book, by the answers to `ask`; None if it was rebuilt meanwhile: ask with NOTHING known. Evicted."""
    eviction.check_mark(first or None, True, "the names of chunks")
    head: bytes = first[0][0]
    if known is not NOTHING and head != known.head:
        return None
    if not fresh:
        return known
    entries = known.entries.union(*(_unpacked(values.get(_FIELD.encode(), b"")) for _, values in fresh))
    return Book(head, fresh[-1][0], entries)


def renew(session: "Session", right: "Right", unused: frozenset[str] = frozenset()) -> None:
    """Rebuild the stream, by the holder of the right to write, without names that no chunk is found by any more."""
    read = follow(NOTHING, *ask(session.client.pipeline(transaction=False), session.keys, NOTHING).execute())
    assert read is not None
    kept = [entry for entry in read.entries if not unused or _whole(entry) not in unused]
    right.commit(made(session.keys, kept))


def made(keys: Keys, entries: Iterable[str]) -> list[Command]:
    """The commands that make the stream from just these entries."""
    adding = _adding(keys, sorted(entries))
    first: Command = ("XADD", keys.names, "*", _FIELD, b"")
    born = int.from_bytes(os.urandom(6))
    counted = ("HSET", keys.meta, "names", len(adding), "names_made", len(adding), "names_born", born)
    return [("DEL", keys.names), first, *adding, counted]


def found_by(entries: Iterable[str]) -> set[str]:
    """The names, as they are looked up, that chunks of these entries are found by."""
    return {name for entry in entries for name in _found_by(entry)}


def _found_by(entry: str) -> set[str]:
    before, mark, symbol = entry.rpartition(_MARK)
    if mark and symbol:
        return folded_spellings(symbol, before + symbol, ())
    return {fold(before or symbol)}


def _whole(entry: str) -> str:
    return fold(entry.replace(_MARK, ""))


def _plain(name: str) -> str:
    return storable(name.replace(_MARK, "").replace(_END, ""))


def _adding(keys: Keys, entries: Sequence[str]) -> list[Command]:
    slices = (entries[start : start + ENTRIES_AT_ONCE] for start in range(0, len(entries), ENTRIES_AT_ONCE))
    return [
        ("XADD", keys.names, "*", _FIELD, zlib.compress(_END.join(some).encode(), _LEVEL)) for some in slices
    ]


def _unpacked(record: bytes) -> list[str]:
    return zlib.decompress(record).decode().split(_END) if record else []
