"""How one process reads one generation: each question is sent with another one that tells whether that still counts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.chunks import name_book
from wherein.store.redis.chunks.name_book_copy import NameBookCopy
from wherein.store.redis.connection.redis_py import Client, raise_errors
from wherein.store.redis.deep.local_copy import DeepRows
from wherein.store.redis.generations.generation import MARKED, Generation
from wherein.store.redis.generations.registry import made_by
from wherein.store.redis.terms import common_terms
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import to_bytes
from wherein.store.redis.views.following import Views
from wherein.store.redis.views.record import ReadAnew, Seen

COUNTED = ("epoch", "chunks", "common_made", MARKED)
"""The fields of a generation's meta that tell its State."""

FACTS = (*COUNTED, "common")
"""All fields of a generation's meta that a session needs."""


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

    @classmethod
    def told(cls, values: Sequence[bytes | None]) -> "State":
        """By the values of COUNTED in the generation's meta."""
        epoch, chunks, common, marked = (int(value or 0) for value in values)
        return cls(epoch, chunks, common, bool(marked))


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
        self.written_names = name_book.WrittenEntries()
        self.names = NameBookCopy(self.keys, tree_files.data_dir if tree_files else None, self.run)
        self._take(facts)

    def refresh(self) -> None:
        """Read what the server counts."""
        self._take(self.client.hmget(self.keys.meta, FACTS))

    def run(self, fill: Callable[[Any], object]) -> list[Any]:
        """The answers to what `fill` adds to a pipeline. Stale if the generation did not count all the while."""
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
        """Stale if another generation counts."""
        self.run(lambda pipe: None)

    def load(self, view: str) -> Seen | None:
        """A view as it is now; the session's state is brought up to date as well."""
        self.glimpse(view)
        facts, *told = self.run(lambda pipe: self.views.ask(pipe.hmget(self.keys.meta, COUNTED), view))
        self.note(State.told(facts))
        return self.followed(view, told)

    def followed(self, view: str, answers: Sequence[Any]) -> Seen | None:
        """The view as the answers to `Views.commands` say; if they do not tell everything, it is read."""
        try:
            return self.views.follow(view, answers)
        except ReadAnew:
            return self.views.load(self.client, view)

    def glimpse(self, view: str) -> None:
        """Read the record of a view of which nothing is known yet."""
        if self.views.known(view) is None and self.views.glimpsed(view) is None:
            (raw,) = self.run(lambda pipe: pipe.hget(self.keys.views, to_bytes(view)))
            self.views.glimpse(view, raw)

    def id(self, key: bytes) -> str:
        """The id of a chunk outside of the store, by the end of its key. It names the generation, since another one may
        have cut the same file in another way."""
        return f"{self.keys.generation}:{key.decode()}"

    def key(self, id: str) -> str | None:
        """The key of a chunk; None for one of another generation."""
        generation, _, end = id.partition(":")
        return self.keys.chunks + end if generation == str(self.keys.generation) else None

    def note(self, state: State) -> None:
        """Note what the server counts now."""
        known, self.state = self.state.common, state
        if state.common != known:
            self.refresh()

    def _take(self, facts: Sequence[bytes | None]) -> None:
        *counted, common = facts
        self.state = State.told(counted)
        self.common = common_terms.unpacked(common)
