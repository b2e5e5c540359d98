"""What a store is asked, and what it finds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass
from wherein.store.deep import DeepQuestion

if TYPE_CHECKING:
    from wherein.store.embeddings import Embeddings


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found; an empty field restricts nothing. Applied inside retrieval, before any limit."""

    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """globs as in .gitignore (`*.py`, `src/**`, `docs/`, `a/b.c`); a path must match at least one"""
    exclude: tuple[str, ...] = ()
    """globs; a path must match none"""
    scopes: tuple[str, ...] = ()
    """as in scopes.py; a file must be able to hold what is in all of them"""

    def __bool__(self) -> bool:
        return bool(self.languages or self.kinds or self.of_paths)

    @property
    def of_paths(self) -> bool:
        """Whether only some paths are let through."""
        return bool(self.paths or self.exclude or self.scopes)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One round trip: the best `limit` chunks of the view by terms, by embedding and by names, each."""

    view: str
    terms: tuple[str, ...] = ()
    """terms of our tokenizer, joined by OR; the store finds them by its own BM25 over LEXICAL_FIELDS"""
    embedding: "Embeddings | None" = None
    """shape (dimension,)"""
    names: tuple[str, ...] = ()
    """identifiers; finds chunks of which the symbol, the qualified name or its tail, or one of the names equals one,
    ignoring case; up to `limit` for each"""
    filters: Filters = Filters()
    limit: int = 200
    deep: tuple[DeepQuestion, ...] = ()
    """also the best `limit` chunks by each of these models, if the deep tier has vectors of them"""
    described: bool = False
    """also chunks whose descriptions (`description.py`) have most of the terms; and the descriptions of all
    candidates"""


@dataclass(slots=True)
class Candidate:
    """A chunk that at least one retriever of a Retrieval found."""

    id: int | str
    """the store's own, for `Store.texts`; never given to another chunk, not even in an index that replaces this one"""
    path: str
    blob: str
    start_line: int
    end_line: int
    kind: str
    symbol: str
    qualified_name: str
    names: tuple[str, ...]
    language: str
    profile: bytes
    lexical: float = 0.0
    """the store's own BM25 (greater is better); 0 if `terms` did not find it. Not comparable between stores"""
    semantic: float = 0.0
    """cosine with `embedding`, whichever retriever found it; 0 without an embedding"""
    named: bool = False
    """whether `names` found it"""
    deep: tuple[float | None, ...] = ()
    """cosines with `Retrieval.deep`, one each; None if the chunk has no vector of that model. Empty if no model has
    vectors"""
    described: bytes = b""
    """the row of its description, if `Retrieval.described` asked for it and there is one"""


@dataclass(frozen=True, slots=True)
class FileChunks:
    """A path of a view."""

    chunks: list[Candidate]
    """by line"""
    texts: list[str]
    """the lines of each chunk, joined"""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The candidates of one Retrieval, each chunk once, in no order, with the statistics that ranking needs."""

    candidates: list[Candidate]
    document_frequency: Mapping[str, int]
    """for each term: how many chunks hold it in any field (of the whole store); an estimate will do, but for 0"""
    chunk_count: int
    """the number of chunks that document_frequency is counted in"""
