"""How one process reads one generation: each question is sent with another one that tells whether that still counts."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import name_book
from wherein.store.redis.chunks.name_book_files import NameBookFiles
from wherein.store.redis.connection.redis_py import Client, Pipeline, Reply, raise_errors
from wherein.store.redis.damage import eviction
from wherein.store.redis.deep.local_copy import DeepRows
from wherein.store.redis.generations.generation import MARKED, Generation
from wherein.store.redis.generations.registry import made_by
from wherein.store.redis.reading import query
from wherein.store.redis.terms import common_terms, frequencies
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import to_bytes
from wherein.store.redis.views.following import Views
from wherein.store.redis.views.record import ReadAnew, Seen

FACTS = ("epoch", "chunks", "common_made", MARKED, "common")
"""What a session wants to know of its generation's meta."""

KEPT_AGAIN = 1.05
"""All names are written to this machine again once there are this many times as many."""


@dataclass(frozen=True, slots=True)
class State:
    """What a generation counts."""

    epoch: int
    """changes whenever chunks are deleted"""
    chunks: int
    common: int
    """changes whenever the list of common terms is rebuilt"""
    marked: bool = False
    """its lists hold their MARK, unless the server lost them"""


@dataclass(frozen=True, slots=True)
class Replies:
    """The answers of one round trip."""

    state: State
    seen: Seen | None
    frequencies: Mapping[str, int]
    searches: list[Any]
    after: State
    record: bytes | None
    """of the view, before the searches"""
    record_after: bytes | None
    along: Sequence[Sequence[Any]] = ()
    """two answers to each that was asked along"""

    def whole_since(self, first: "Replies") -> bool:
        """Whether everything that the view showed at `first` was there until the last search.

        What a view shows is never deleted, so that both must have happened: the view changed, chunks were deleted.
        """
        return first.record == self.record_after or first.state.epoch == self.after.epoch


class Stale(Exception):
    """Another generation counts now."""


class Session:
    """One generation, as one process reads it."""

    def __init__(
        self,
        client: Client,
        generation: Generation,
        facts: Sequence[bytes | None],
        *,
        building: bool = False,
        views: Views | None = None,
        tree_files: TreeFiles | None = None,
    ) -> None:
        """`facts` are what the generation's meta says of FACTS; `views` what is known of its views already;
        `tree_files` keeps their trees."""
        self.client = client
        self.generation = generation
        self.keys = generation.keys
        self.header: Header = generation.header
        self.vectors = generation.vectors
        self.views = views or Views(self.keys, tree_files)
        self.tree_files = tree_files
        self.deep: dict[str, DeepRows] = {}
        """tag of a model → its vectors, as they were last asked for"""
        self.prefix_length = len(self.keys.chunks)
        self.state = State(0, 0, 0)
        self.building = building
        """it does not count yet, and this process is its only user"""
        self.common: Mapping[int, int] = {}
        """the codes of the commonest terms (`frequencies.code`), with how many chunks hold them"""
        self.listed = name_book.Listed()
        self._book: name_book.Book | None = None
        self._books = None if tree_files is None else NameBookFiles(tree_files.data_dir)
        self._take(facts)

    def refresh(self) -> None:
        """Read what the server counts."""
        self._take(self.client.hmget(self.keys.meta, FACTS))

    def run(self, fill: Callable[[Any], object]) -> list[Any]:
        """The answers to what `fill` adds to a pipeline. Stale where the generation did not count all the while."""
        counts = names.indexes(self.keys.prefix), made_by(self.header)
        pipe = self.client.pipeline(transaction=False)
        pipe.hget(*counts)
        fill(pipe)
        pipe.hget(*counts)
        replies: list[Any] = pipe.execute(raise_on_error=False)
        first, *answers, last = replies
        for number in (first, last):
            raise_errors([number])
            if not self.building and (number is None or int(number) != self.keys.generation):
                raise Stale
        return raise_errors(answers)

    def check(self) -> None:
        """Stale where another generation counts."""
        self.run(lambda pipe: None)

    def seen_so_far(self, view: str, *, shown: bool, assuming: bool = True) -> Seen | None:
        """A view as far as it must be known before `ask`. Its record is enough, and then the answer is None, as it is
        if there is no such view; if the question depends on what is `shown`, that is read too, or assumed."""
        self._glimpse_at_first(view)
        known = self.views.known(view)
        if known is not None or not shown:
            return known
        if (kept := self.views.kept_here(view)) is not None:
            return kept
        assumed = self.views.assumed(view) if assuming else None
        return self.load(view) if assumed is None else assumed.seen

    def load(self, view: str) -> Seen | None:
        """A view as it is now, with what the server counts."""
        self._glimpse_at_first(view)
        facts, *told = self.run(lambda pipe: self.views.ask(pipe.hmget(self.keys.meta, FACTS[:-1]), view))
        self._count(_state(facts))
        return self.followed(view, told)

    def followed(self, view: str, answers: Sequence[Any]) -> Seen | None:
        """The view as the answers to `Views.commands` say; if they do not tell everything, it is read."""
        try:
            return self.views.follow(view, answers)
        except ReadAnew:
            return self.views.load(self.client, view)

    def glimpse(self, view: str) -> None:
        """Read what `ask` must know about a view that was never read; what it shows comes with the first answers."""
        (raw,) = self.run(lambda pipe: pipe.hget(self.keys.views, to_bytes(view)))
        self.views.glimpse(view, raw)

    def _glimpse_at_first(self, view: str) -> None:
        if self.views.known(view) is None and self.views.glimpsed(view) is None:
            self.glimpse(view)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """For each term: chunks that hold it in any field."""
        if not terms:
            return {}
        values = self.client.hmget(self.keys.frequencies, frequencies.asked(terms))
        counts, mark = frequencies.told(terms, values)
        eviction.check_mark(mark, self.state.marked, "the frequencies of terms")
        return counts

    @property
    def known_book(self) -> name_book.Book:
        """All names as they were when they were last asked for on this machine."""
        if self._book is None:
            self._book = name_book.NOTHING if self._books is None else self._books.read(self.keys.names)
        return self._book

    def followed_book(self, before: name_book.Book, told: Sequence[Any]) -> name_book.Book:
        """All names, by the answers to a `name_book.ask` that was sent when `before` was known."""
        known = name_book.follow(before, *told)
        while known is None:  # it was rebuilt
            anew = self.run(lambda pipe: name_book.ask(pipe, self.keys, name_book.NOTHING))
            known = name_book.follow(name_book.NOTHING, *anew)
        self._book = known
        grown = len(known.entries) > len(before.entries) * KEPT_AGAIN
        if self._books is not None and (grown or known.head != before.head):
            self._books.keep(self.keys.names, known)
        return known

    def book(self) -> name_book.Book:
        """All names; only what is new of them comes."""
        before = self.known_book
        return self.followed_book(before, self.run(lambda pipe: name_book.ask(pipe, self.keys, before)))

    def ask(
        self,
        view: str,
        terms: Sequence[str],
        searches: Sequence[tuple[object, ...]],
        along: Sequence[Callable[[Pipeline], object]] = (),
        *,
        assuming: bool = True,
    ) -> Replies | None:
        """Search and follow the view in one round trip; each of `along` adds two questions.

        With `assuming` the reader's own files may stand for what the view shows, unless that is needed afterwards. None
        if the view changed so much that it had to be read again: ask once more. Evicted if chunks are lost.
        """
        assumed = self.views.assumed(view) if assuming else None
        about_view = (
            self.views.commands(view) if assumed is None else self.views.commands_assumed(view, assumed)
        )

        def fill(pipe: Pipeline) -> None:
            pipe.hmget(self.keys.meta, FACTS[:-1])
            for command in about_view:
                pipe.execute_command(*command)
            if terms:
                pipe.hmget(self.keys.frequencies, frequencies.asked(terms))
            for arguments in searches:
                pipe.execute_command("FT.SEARCH", self.keys.alias, *arguments)
            if searches:
                eviction.ask(pipe, self.keys)
            for ask in along:
                ask(pipe)
            pipe.hmget(self.keys.meta, FACTS[:-1])
            pipe.hget(self.keys.views, to_bytes(view))

        answers = iter(self.run(fill))
        before, told = _state(next(answers)), list(islice(answers, len(about_view)))
        counts, mark = frequencies.told(terms, next(answers)) if terms else ({}, b"")
        found = list(islice(answers, len(searches)))
        index = next(answers) if searches else None
        told_along = [list(islice(answers, 2)) for _ in along]
        after, record_after = _state(next(answers)), next(answers)
        eviction.check_mark(mark, before.marked, "the frequencies of terms")
        if searches:
            eviction.check(self.run, self.keys, index, min(before.chunks, after.chunks))
        self._count(after)
        try:
            seen = self.views.follow(view, told) if assumed is None else self.views.still(view, assumed, told)
        except ReadAnew:
            self.views.load(self.client, view)
            return None
        return Replies(before, seen, counts, found, after, told[0], record_after, told_along)

    def ask_cosines(self, pipe: Pipeline, keys: Sequence[bytes], vector: bytes) -> None:
        """Add to a pipeline the question how near chunks, by the ends of their keys, are to a vector."""
        prefix = self.keys.chunks.encode()
        pipe.execute_command(
            "FT.SEARCH", self.keys.alias, *query.distances(vector, [prefix + key for key in keys])
        )

    def cosines(self, reply: Reply) -> dict[bytes, float]:
        """The answer to `ask_cosines`, without chunks that have no vector."""
        found = query.answers(reply, self.prefix_length)
        return {each.key: 1.0 - each.distance for each in found if each.distance is not None}

    def id(self, key: bytes) -> str:
        """What a chunk is called outside of the store, by the end of its key: its generation is part of that, for
        another one may have cut the same file in another way."""
        return f"{self.keys.generation}:{key.decode()}"

    def key(self, id: str) -> str | None:
        """The key of a chunk; None for one of another generation."""
        generation, _, end = id.partition(":")
        return self.keys.chunks + end if generation == str(self.keys.generation) else None

    def _count(self, state: State) -> None:
        known, self.state = self.state.common, state
        if state.common != known:
            self.refresh()

    def _take(self, facts: Sequence[bytes | None]) -> None:
        *counted, common = facts
        self.state = _state(counted)
        self.common = common_terms.unpacked(common)


def _state(values: Sequence[bytes | None]) -> State:
    epoch, chunks, common, marked = (int(value or 0) for value in values)
    return State(epoch, chunks, common, bool(marked))
