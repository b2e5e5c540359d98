"""What a survey reads of a repository: which generations it has, and the facts of the one that is read."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.status import OtherIndex
from wherein.store.redis.generations import former_schemas, registry
from wherein.store.redis.generations.generation import MARKED, Generation
from wherein.store.redis.generations.other_generations import besides
from wherein.store.redis.keys import Keys
from wherein.store.redis.session import FACTS
from wherein.store.redis.terms import frequencies


@dataclass(frozen=True, slots=True)
class Entry:
    """A repository in the store."""

    repository: str
    bytes: int = 0
    """where sizes were asked for"""
    views: tuple[str, ...] = ()
    """that are of a branch, tag or commit, or of this user's disk; most recently updated first"""
    updated: float | None = None
    problem: str = ""
    others: tuple[OtherIndex, ...] = ()
    """the repository's other indexes, where sizes were asked for"""

    @property
    def together(self) -> int:
        """Bytes of all its indexes, where sizes were asked for."""
        return self.bytes + sum(each.bytes for each in self.others)


@dataclass(slots=True)
class SurveyedIndex:
    """What was read of one repository."""

    prefix: str
    generation: Generation
    facts: Sequence[bytes | None]
    """of the generation's meta: `session.FACTS`"""
    views: Mapping[bytes, bytes]
    """records"""
    frequencies: dict[str, int] = field(default_factory=dict)

    @property
    def chunks(self) -> int:
        """That are stored."""
        return int(self.facts[FACTS.index("chunks")] or 0)

    def count(self, terms: Sequence[str], answers: Sequence[bytes | None]) -> None:
        """Note how many chunks hold each term, by the answers to `frequencies.asked`. If the server has lost that,
        every chunk counts, so that the repository is searched, and the search reports the loss."""
        self.frequencies, mark = frequencies.told(terms, answers)
        if mark is None and self.facts[FACTS.index(MARKED)] is not None:
            self.frequencies = dict.fromkeys(terms, self.chunks)


@dataclass(frozen=True, slots=True)
class RepositoryGenerations:
    """What generations a repository has."""

    repository: str
    prefix: str
    counting: Any
    """the answer of the list of those that count"""
    before: Any
    """the answer for versions before schema 4"""
    gone: Any = None
    """of those that were replaced, where it was asked for"""

    def reads(self) -> Keys | None:
        """The generation that is read."""
        if isinstance(self.counting, Exception):
            return None
        own = registry.for_reading(self.prefix, self.counting)
        return own or next(iter(former_schemas.counting(self.prefix, self.before)), None)

    def counts(self) -> dict[str, int]:
        """Which counts for whom."""
        return {} if isinstance(self.counting, Exception) else registry.counting(self.counting)

    def kept(self) -> dict[int, tuple[float, str]]:
        """Those that were replaced: see `registry.when_replaced`."""
        return registry.when_replaced(self.gone) if isinstance(self.gone, Mapping) else {}

    def others(self, own: Keys) -> list[Keys]:
        """The other ones, where they were asked for."""
        if self.gone is None:
            return []
        return besides(own, self.counts().values(), self.kept(), self.before)
