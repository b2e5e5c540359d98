"""The keys of a repository's index, and those of each of its generations.

A generation is a whole index: a new model or schema builds another one beside it, and `indexes` says which one counts.
Its chunks are in one of a few slots. Each slot has a search index that stays when the generation goes, so that indexing
needs no right to make one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

SLOTS = 4
"""Generations that may exist at once: those of two versions of wherein, a replaced one, and one that is being built. An
empty search index takes 58 kB."""

MARK = ""
"""What the lists of a generation hold from its beginning: a list without it is not empty, but lost."""


def indexes(prefix: str) -> str:
    """The key of the hash of what counts: `registry.made_by` → generation."""
    return f"{prefix}indexes"


def replaced(prefix: str) -> str:
    """The key of the hash of what was replaced: generation → when that was, and for whom it counted."""
    return f"{prefix}replaced"


def begun(prefix: str) -> str:
    """The key of the set of all generations' numbers, from before they hold anything until they hold nothing."""
    return f"{prefix}begun"


def counter(prefix: str) -> str:
    """The key of the last number given to a generation."""
    return f"{prefix}counter"


def made(prefix: str) -> str:
    """The key of the hash of what the search indexes were made with, slot → kind, build, parameters; and of how much
    the repository may take (`quota/limits.py`)."""
    return f"{prefix}made"


def writing(prefix: str) -> str:
    """The key of the right to write: the token of its holder; it expires."""
    return f"{prefix}writing"


def waiting(prefix: str) -> str:
    """The key of the queue for that right: when each process came → until when its place counts."""
    return f"{prefix}waiting"


def deep_models(prefix: str) -> str:
    """The key of the hash of the models of the deep tier: tag → what is known of each."""
    return f"{prefix}deep"


def deep_vectors(prefix: str, tag: str) -> str:
    """The key of the hash of a model's vectors, which all generations share: content → int8, with a checksum."""
    return f"{prefix}deepv:{tag}"


def deep_claim(prefix: str, tag: str, content: bytes) -> str:
    """The key of the token of the process that embeds a text; it expires."""
    return f"{prefix}deepc:{tag}:{content.hex()}"


def nothing(prefix: str) -> str:
    """A key that never exists: asking for it tells whether its slot is being moved to another node."""
    return f"{prefix}nothing"


def updating(prefix: str, view: bytes) -> bytes:
    """The key of a view's lease: the token of the process that brings it up to date; it expires."""
    return f"{prefix}updating:".encode() + view


@dataclass(frozen=True)
class Keys:
    """The keys, search index and alias of a generation."""

    prefix: str
    generation: int

    index_stays: ClassVar[bool] = True
    """its search index is the slot's, and stays when the generation goes"""

    @cached_property
    def base(self) -> str:
        """What every key of the generation begins with."""
        return f"{self.prefix}{self.generation}:"

    @property
    def slot(self) -> int:
        """Where its chunks are."""
        return self.generation % SLOTS

    @cached_property
    def alias(self) -> str:
        """The name that queries use: it stays when the index behind it is rebuilt."""
        return f"{self.prefix}index-{self.slot}"

    def index(self, build: int) -> str:
        """The name of the `build`-th index that was built."""
        return f"{self.alias}.{build}"

    @cached_property
    def meta(self) -> str:
        """HASH: the header, the parameters of the index, statistics."""
        return f"{self.base}meta"

    @cached_property
    def views(self) -> str:
        """HASH: view → its record."""
        return f"{self.base}views"

    @cached_property
    def versions(self) -> str:
        """HASH: id of each file version that is stored → number of its chunks, bytes, skip reason."""
        return f"{self.base}versions"

    @cached_property
    def pending(self) -> str:
        """HASH: id of each file version that is being stored → number of its chunks."""
        return f"{self.base}pending"

    @cached_property
    def trees(self) -> str:
        """SET: ids of the trees."""
        return f"{self.base}trees"

    @cached_property
    def parted(self) -> str:
        """SET: ids of the trees that are stored in parts as well. A version that does not know parts leaves them when
        it deletes the tree."""
        return f"{self.base}parted"

    @cached_property
    def frequencies(self) -> str:
        """HASH: how many chunks hold each term, as `frequencies` packs it; MARK."""
        return f"{self.base}df"

    @cached_property
    def names(self) -> str:
        """STREAM: what the names of chunks are made of, as `name_book` packs it."""
        return f"{self.base}names"

    @property
    def indexed(self) -> str:
        """What the search index of the slot is on."""
        return f"{self.prefix}c{self.slot}:"

    @cached_property
    def chunks(self) -> str:
        """What the key of every chunk begins with."""
        return f"{self.indexed}{self.generation}:"

    def chunk(self, version: str, row: int) -> str:
        """HASH: a chunk."""
        return f"{self.chunks}{version}:{row}"

    def of_version(self, version: str, chunks: int) -> Iterator[str]:
        """The keys of a file version, which are those of its chunks."""
        return (self.chunk(version, row) for row in range(chunks))

    @property
    def listed(self) -> str:
        """SET: where its number stands until it holds nothing."""
        return begun(self.prefix)

    def tree(self, tree: str) -> str:
        """STRING: what a view shows, packed."""
        return f"{self.base}tree:{tree}"

    def tree_parts(self, tree: str) -> str:
        """HASH: number of a part → those rows of a tree, packed; of a tree that is not small."""
        return f"{self.base}parts:{tree}"

    def of_trees(self, trees: Iterable[str]) -> list[str]:
        """All keys of some trees."""
        return [key for tree in trees for key in (self.tree(tree), self.tree_parts(tree))]

    def deep_rows(self, tag: str) -> str:
        """HASH: file version → the contents that a model embedded of its chunks, joined."""
        return f"{self.base}deepr:{tag}"

    def deep_log(self, tag: str) -> str:
        """STREAM: the file versions whose rows changed last, for readers who know the others."""
        return f"{self.base}deepl:{tag}"

    @cached_property
    def deep_whole(self) -> str:
        """HASH: view → the models that were whole for it, and when that was noted."""
        return f"{self.base}deepw"

    def difference(self, view: bytes) -> bytes:
        """HASH: where a view differs from its tree."""
        return f"{self.base}diff:".encode() + view

    def log(self, view: bytes) -> bytes:
        """STREAM: the last changes of a view, for readers who know what it showed before."""
        return f"{self.base}log:".encode() + view
