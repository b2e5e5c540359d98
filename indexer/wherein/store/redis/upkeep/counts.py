"""What is counted and listed of a generation beside its chunks: how many there are, how many hold each term, and the
names.

What is deleted is subtracted. If a full server refused that, everything is counted again from the chunks.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from wherein.quick_dataclass import dataclass
from wherein.store.redis.chunks import chunk, name_book
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.generations import generation
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.session import Session
from wherein.store.redis.terms import frequencies

AT_ONCE = 500
"""Chunks read, or values sent, together: some milliseconds."""


@dataclass(slots=True)
class Tally:
    """What some chunks add to what is counted and listed of a generation."""

    versions: int = 0
    chunks: int = 0
    bytes: int = 0
    terms: Counter[str] = field(default_factory=Counter)
    """as the server keeps them"""
    names: set[str] = field(default_factory=set)
    """entries of the book"""

    def add(self, other: "Tally") -> None:
        """Add what other chunks hold."""
        self.versions += other.versions
        self.chunks += other.chunks
        self.bytes += other.bytes
        self.terms.update(other.terms)
        self.names |= other.names

    def subtracted(self) -> None:
        """All but the names was subtracted from what is counted."""
        self.versions = self.chunks = self.bytes = 0
        self.terms.clear()


def tally_of(session: Session, rows: Iterable[tuple[str, int]]) -> Tally:
    """The terms and names of some chunks, each given as version and row."""
    pipe = session.client.pipeline(transaction=False)
    for version, row in rows:
        pipe.hmget(session.keys.chunk(version, row), [chunk.TERMS, chunk.PAYLOAD])
    tally = Tally()
    for terms, payload in pipe.execute():
        tally.terms.update((terms or b"").decode().split())
        if payload:
            found = chunk.candidate("", payload, "", "")
            tally.names |= name_book.entries_of(found.symbol, found.qualified_name, found.names)
    return tally


def subtract(session: Session, right: Right, every: Iterable[Tally], deleted: Sequence[Command] = ()) -> None:
    """Subtract what is gone from what is counted, in the transaction that carries out `deleted`."""
    keys, gone = session.keys, Tally()
    for each in every:
        gone.add(each)
    touched = frequencies.fields(gone.terms)
    values = session.client.hmget(keys.frequencies, touched) if touched else []
    less = {term: -count for term, count in gone.terms.items()}
    changed = frequencies.changed(dict(zip(touched, values, strict=True)), less)
    commands = [*deleted, ("HINCRBY", keys.meta, "epoch", 1)]
    counted = {"chunks": gone.chunks, "versions": gone.versions, "bytes": gone.bytes}
    commands += [("HINCRBY", keys.meta, name, -count) for name, count in counted.items() if count]
    if kept := [word for pair in changed.items() if pair[1] for word in pair]:
        commands.append(("HSET", keys.frequencies, *kept))
    if empty := [name for name, value in changed.items() if not value]:
        commands.append(("HDEL", keys.frequencies, *empty))
    right.commit(commands)


def count_again_if_wrong(session: Session, right: Right, listed: Mapping[str, bytes]) -> None:
    """`count_again` if other numbers are counted than the `listed` versions have: a full server refused to subtract
    what was deleted."""
    counted = session.client.hmget(session.keys.meta, list(_totals(listed)))
    if [int(value or 0) for value in counted] != list(_totals(listed).values()):
        count_again(session, right, listed)


def count_again(session: Session, right: Right, listed: Mapping[str, bytes]) -> None:
    """Make anew all that is counted and listed of the chunks of versions, by the facts that are `listed` of each."""
    keys, tally = session.keys, Tally()
    rows = [(version, row) for version, facts in listed.items() for row in range(int(facts.split()[0]))]
    for start in range(0, len(rows), AT_ONCE):
        right.keep()
        tally.add(tally_of(session, rows[start : start + AT_ONCE]))
    commands: list[Command] = [("UNLINK", keys.frequencies), *generation.mark(keys, tally.names)]
    counted = frequencies.packed(tally.terms)
    commands += [
        ("HSET", keys.frequencies, *(word for name in some for word in (name, counted[name])))
        for some in sliced(counted)
    ]
    commands.append(("HSET", keys.meta, *(word for pair in _totals(listed).items() for word in pair)))
    right.commit(commands)


def _totals(listed: Mapping[str, bytes]) -> dict[str, int]:
    facts = [value.split() for value in listed.values()]
    return {
        "versions": len(facts),
        "chunks": sum(int(chunks) for chunks, *_ in facts),
        "bytes": sum(int(size[0]) if size else 0 for _, *size in facts),
    }


def sliced(values: Iterable[str]) -> Iterator[list[str]]:
    """As many at a time as are read or sent together."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
