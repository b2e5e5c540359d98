"""What one call of `Store.write` changes, and what must be known before: asked with taking the right to write."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import FileVersion
from wherein.store.redis.chunks import chunk, name_book
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Reply
from wherein.store.redis.search_index import rebuilding
from wherein.store.redis.session import Session
from wherein.store.redis.terms import frequencies
from wherein.store.redis.trees.contents import version_id
from wherein.store.redis.views.following import ANSWERS
from wherein.store.redis.views.record import Seen

VALUES_AT_ONCE = 1_000
"""Of one HMGET: half a millisecond."""

FEW_CHUNKS = 100
"""Of a batch of so few, as of one saved file, the terms are asked for as well, which saves a round trip later."""

FACTS = ("chunks", "common_made", *name_book.FACTS, *rebuilding.DUE_FACTS)
"""What is asked of the generation's meta."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of one view. A path that is both hidden and shown is shown."""

    view: str
    put: Sequence[FileVersion]
    """to be stored, and shown"""
    link: Mapping[str, str]
    """path → blob: to be shown, and stored already"""
    unlink: Sequence[str]
    """paths that are shown no more"""
    commit: str | None
    complete: bool
    owner: str
    """of the view; empty for everybody's"""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What is known as a batch is written."""

    seen: Seen | None
    """the view"""
    stored: Mapping[str, bytes]
    """the entries of those of the batch's versions that are stored"""
    frequencies: Mapping[str, bytes | None]
    """the fields of the terms of a small batch; of others none"""
    renew_names: bool
    """whether the name book is to be rebuilt"""
    names_born: int
    """which book it is"""
    now: float
    """by the server's clock"""
    chunks: int
    common_made: int
    due: Sequence[bytes | None]
    """see `rebuilding.DUE_FACTS`"""

    @property
    def in_a_graph(self) -> bool:
        """Whether each chunk is placed in a graph."""
        return self.due[0] == b"HNSW"


class BatchQuestions:
    """The questions of one batch, and their answers."""

    def __init__(self, batch: Batch) -> None:
        self._view = batch.view
        pairs = chain(((file.path, file.blob) for file in batch.put), batch.link.items())
        self._ids = list(dict.fromkeys(version_id(path, blob) for path, blob in pairs))
        few = sum(len(file.chunks) for file in batch.put) <= FEW_CHUNKS
        self._fields = frequencies.fields(_terms(batch.put)) if few else []

    def commands(self, session: Session) -> list[Command]:
        """What is to be asked."""
        keys = session.keys
        return [
            *session.views.commands(self._view),
            ("TIME",),
            ("HMGET", keys.meta, *FACTS),
            *facts_commands(session, self._ids),
            *frequencies_commands(session, self._fields),
        ]

    def facts(self, session: Session, answers: Sequence[Reply]) -> BatchFacts:
        """What the answers say."""
        told = iter(answers[ANSWERS:])
        seconds, microseconds = next(told)
        chunks, made, records, names_made, names_born, *due = next(told)
        stored = found_facts(self._ids, [next(told) for _ in sliced(self._ids)])
        return BatchFacts(
            session.followed(self._view, answers[:ANSWERS]),
            stored,
            dict(zip(self._fields, chain.from_iterable(told), strict=True)),
            name_book.is_due(int(records or 0), int(names_made or 0)),
            int(names_born or 0),
            int(seconds) + int(microseconds) / 1e6,
            int(chunks or 0),
            int(made or 0),
            due,
        )


def stored_facts(session: Session, versions: Sequence[str]) -> dict[str, bytes]:
    """The entries of those of the versions that are stored."""
    commands = facts_commands(session, versions)
    return found_facts(versions, session.run(lambda pipe: [pipe.execute_command(*each) for each in commands]))


def facts_commands(session: Session, versions: Sequence[str]) -> list[Command]:
    """The commands for the entries of versions."""
    return [("HMGET", session.keys.versions, *some) for some in sliced(versions)]


def frequencies_commands(session: Session, fields: Sequence[str]) -> list[Command]:
    """The commands for fields of the terms' frequencies."""
    return [("HMGET", session.keys.frequencies, *some) for some in sliced(fields)]


def found_facts(versions: Sequence[str], answers: Iterable[Sequence[bytes | None]]) -> dict[str, bytes]:
    """The entries of those that are stored, by the answers to `facts_commands`."""
    flat = chain.from_iterable(answers)
    return {version: facts for version, facts in zip(versions, flat, strict=True) if facts is not None}


def sliced(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many at a time as one command may ask for."""
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]


def _terms(put: Sequence[FileVersion]) -> set[str]:
    """The distinct terms of all chunks, as the server keeps them."""
    return set(chain.from_iterable(chunk.terms(record) for file in put for record in file.chunks))
