"""All repositories of a tenant, read together in three round trips, however many there are.

What is read of each is enough to list it, to see whether it may have an answer, and to open it without asking again.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Lock
from typing import Any, Self, TypeVar

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import StoreForbids, WhereinError
from wherein.store.header import REBUILD_FOR_ALL, check_header
from wherein.store.protocol import Header, Retrieved
from wherein.store.redis import keys as names
from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.combined_questions import Combined, Nodes, QueuedCommand
from wherein.store.redis.connection.failures import explain, is_missing_index, reading
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.loading import refuse_a_replica_without_data
from wherein.store.redis.connection.redis_py import raise_errors
from wherein.store.redis.generations import former_schemas, generation
from wherein.store.redis.generations.other_generations import other, questions
from wherein.store.redis.keys import Keys
from wherein.store.redis.prefixes import catalogue, repository_prefix
from wherein.store.redis.repositories.survey_entry import Entry, RepositoryGenerations, SurveyedIndex
from wherein.store.redis.search_index import search_index
from wherein.store.redis.session import COUNTED, Session
from wherein.store.redis.terms import alphabet, frequencies
from wherein.store.redis.trees.contents import to_bytes, to_name
from wherein.store.redis.views.owner import owner
from wherein.store.redis.views.record import unpack_record

T = TypeVar("T")
R = TypeVar("R")


class Survey:
    """The repositories of the URL's tenant, by name, as they were when it was made. Also a context manager."""

    def __init__(self, url: str, *, terms: Sequence[str] = (), sizes: bool = False) -> None:
        """`terms`: also ask how many chunks hold each of them; `sizes`: also ask what each repository takes."""
        self._target = parse(url)
        self._terms = terms
        self._sizes = sizes
        self._read: dict[str, SurveyedIndex] = {}
        self._headless: set[str] = set()
        self._held, self._lock = 1, Lock()
        key = catalogue(self._target.tenant)
        greeting = Greeting("HGETALL", key)
        with reading(self._target.shown):
            nodes = Nodes(self._target, key, greeting)
            self.combined = Combined(nodes)
            try:
                try:
                    listed = greeting.answer(nodes.first())
                except NoPermissionError as error:
                    raise StoreForbids(
                        f"The store {self._target.shown} does not let this user list the tenant's repositories.",
                        remedy="run this in a clone of one; or ask for a user of the whole tenant "
                        "(wherein redis acl without --repository)",
                    ) from error
                if not listed:
                    refuse_a_replica_without_data(nodes.first())
                self.entries = self._survey(sorted(map(to_name, listed[1::2])))
            except BaseException:
                nodes.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the server, unless it is still held."""
        with self._lock:
            self._held -= 1
            last = self._held == 0
        if last:
            self.combined.nodes.close()

    def hold(self) -> None:
        """Keep it open until one more `close`."""
        with self._lock:
            self._held += 1

    def session(self, repository: str, header: Header, view: str | None) -> Session:
        """A session on one repository, whose questions are sent with those about others. `view` is the one that will be
        asked for. IndexMissing, IndexIncompatible."""
        read = self._read.get(repository)
        if read is None:
            raise (generation.headless if repository in self._headless else generation.missing)(repository)
        check_header(read.generation.header, header, repository, REBUILD_FOR_ALL)
        session = Session(self.combined.client(read.prefix), read.generation, read.facts)
        session.common = {
            frequencies.code(alphabet.term(term)): count for term, count in read.frequencies.items()
        }
        if view is not None:
            session.views.glimpse(view, read.views.get(to_bytes(view)))
        return session

    def map(self, ask: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """What `ask` returns for each, in threads of their own whose questions go together."""
        if not items:
            return []

        def asked(item: T) -> R:
            try:
                return ask(item)
            finally:
                self.combined.ended()

        with ThreadPoolExecutor(len(items)) as pool, self.combined.taking_part(len(items)):
            return list(pool.map(asked, items))

    def count(self, terms: Sequence[str]) -> None:
        """Ask how many chunks of each repository hold each of the terms, where that was not asked along."""
        if set(terms) <= set(self._terms):
            return
        self._terms = tuple(terms)
        fields = frequencies.asked(terms)
        read = list(self._read.values())
        asked = [
            (each.prefix, [_command("HMGET", each.generation.keys.frequencies, *fields)]) for each in read
        ]
        with reading(self._target.shown):
            for each, answers in zip(read, self.combined.nodes.ask(asked), strict=True):
                each.count(terms, raise_errors(answers)[0])

    def statistics(self, repository: str) -> Retrieved:
        """Nothing found, with the frequencies of the terms."""
        read = self._read.get(repository)
        if read is None:
            return Retrieved([], {}, 0)
        return Retrieved([], read.frequencies, read.chunks)

    def _survey(self, repositories: Sequence[str]) -> list[Entry]:
        prefixes = [repository_prefix(self._target.tenant, each) for each in repositories]
        told = self.combined.nodes.ask([(each, self._lists(each)) for each in prefixes])
        there = [
            RepositoryGenerations(repository, prefix, *answers)
            for repository, prefix, answers in zip(repositories, prefixes, told, strict=True)
        ]
        read = {each.repository: each.reads() for each in there}
        asked = [
            (
                keys.prefix,
                [
                    *self._questions(keys),
                    *(_command(*words) for other in each.others(keys) for words in questions(other)),
                ],
            )
            for each in there
            if (keys := read[each.repository]) is not None
        ]
        answers = iter(self.combined.nodes.ask(asked))
        entries = []
        for each in there:
            if (keys := read[each.repository]) is not None:
                mine = next(answers)
                theirs = iter(mine[len(self._questions(keys)) :])
                entry = self._entry(each.repository, keys, mine[: len(self._questions(keys))])
                entries.append(self._with_others(entry, each, keys, theirs))
            elif isinstance(each.counting, Exception):
                problem = explain(each.counting, self._target.shown).message
                entries.append(Entry(each.repository, problem=problem))
        return entries

    def _lists(self, prefix: str) -> list[QueuedCommand]:
        """What asks for a repository's generations."""
        commands = [
            _command("HGETALL", names.indexes(prefix)),
            _command("GET", former_schemas.current(prefix)),
        ]
        return [*commands, _command("HGETALL", names.replaced(prefix))] if self._sizes else commands

    def _with_others(
        self, entry: Entry, listed: RepositoryGenerations, keys: Keys, answers: Iterator[Any]
    ) -> Entry:
        read = self._read.get(entry.repository)
        if read is None:
            return entry
        found = []
        for each in listed.others(keys):
            told = [next(answers) for _ in questions(each)]
            with reading(self._target.shown):
                found.append(other(each, told, read.generation.header, listed.counts(), listed.kept()))
        return replace(entry, others=tuple(each for each in found if each is not None))

    def _questions(self, keys: Keys) -> list[QueuedCommand]:
        commands = [
            _command("HMGET", keys.meta, *generation.FACTS),
            _command("HMGET", keys.meta, *COUNTED, "bytes"),
            _command("HGETALL", keys.views),
        ]
        if self._terms:
            commands.append(_command("HMGET", keys.frequencies, *frequencies.asked(self._terms)))
        if self._sizes:
            commands.append(_command("FT.INFO", keys.alias))
        return commands

    def _entry(self, repository: str, keys: Keys, answers: Sequence[Any]) -> Entry:
        try:
            with reading(self._target.shown):
                raise_errors(answers[: 3 + bool(self._terms)])
                told, (*state, size), views, *more = answers
                found = generation.parsed(keys, told)
                if found is None:
                    self._headless.add(repository)
                    raise generation.headless(repository)
                read = SurveyedIndex(keys.prefix, found, [*state, None], views)
                if self._terms:
                    read.count(self._terms, more.pop(0))
                taken = int(size or 0) + (_index_size(more.pop(0)) if self._sizes else 0)
                records = {to_name(name): unpack_record(raw) for name, raw in views.items()}
        except WhereinError as error:
            return Entry(repository, problem=error.message)
        self._read[repository] = read
        mine = [name for name, record in records.items() if record.owner in ("", owner())]
        mine.sort(key=lambda name: records[name].updated, reverse=True)
        updated = max((record.updated for record in records.values()), default=None)
        return Entry(repository, taken if self._sizes else 0, tuple(mine), updated)


def _command(*words: object) -> QueuedCommand:
    return words, {}


def _index_size(answer: Any) -> int:  # noqa: ANN401 - the server's
    if isinstance(answer, ResponseError) and is_missing_index(answer):
        return 0  # it is made again when somebody writes
    if isinstance(answer, Exception):
        raise answer
    return search_index.size(search_index.facts(answer))
