"""What is asked of a store, and what it finds."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass
from wherein.store.deep import DeepQuestion

if TYPE_CHECKING:
    from wherein.store.embeddings import Embeddings


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be found. Empty means anything. Applied inside retrieval, before any limit."""

    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """globs as in .gitignore (`*.py`, `src/**`, `docs/`, `a/b.c`); a path must match one of them"""
    exclude: tuple[str, ...] = ()
    """globs; a path must match none of them"""
    scopes: tuple[str, ...] = ()
    """of scopes.py; a file must be one that may hold what is in all of them"""

    def __bool__(self) -> bool:
        return bool(self.languages or self.kinds or self.of_paths)

    @property
    def of_paths(self) -> bool:
        """Whether some paths are let through and others not."""
        return bool(self.paths or self.exclude or self.scopes)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One round trip: the best `limit` chunks of the view by each of terms, embedding and names."""

    view: str
    terms: tuple[str, ...] = ()
    """terms of our tokenizer, OR-joined; the store finds by its own BM25 over LEXICAL_FIELDS"""
    embedding: "Embeddings | None" = None
    """shape (dimension,)"""
    names: tuple[str, ...] = ()
    """identifiers; a chunk whose symbol, qualified name or its tail, or one of whose names equals one, case folded, is
    found: up to `limit` for each name"""
    filters: Filters = Filters()
    limit: int = 200
    deep: tuple[DeepQuestion, ...] = ()
    """the best `limit` chunks by each of these models as well, of which the deep tier holds any vectors"""
    described: bool = False
    """those as well whose descriptions (`description.py`) have most of the terms; and those of all candidates"""


@dataclass(slots=True)
class Candidate:
    """A chunk found by at least one retriever of a Retrieval."""

    id: int | str
    """the store's own, for `Store.texts`; never given to another chunk, not even of an index that replaces this one"""
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
    """the store's own BM25 (greater is better); 0 where `terms` did not find it. Not comparable across stores"""
    semantic: float = 0.0
    """cosine with `embedding`, whichever retriever found it; 0 without an embedding"""
    named: bool = False
    """found by `names`"""
    deep: tuple[float | None, ...] = ()
    """cosines with `Retrieval.deep`, one each; None where the chunk has no vector of that model. Empty where none of
    the models has any vectors"""
    described: bytes = b""
    """the row of its description, where `Retrieval.described` asked for it and there is one"""


@dataclass(frozen=True, slots=True)
class FileChunks:
    """A path of a view."""

    chunks: list[Candidate]
    """by line"""
    texts: list[str]
    """the lines of each, joined"""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The candidates of one Retrieval, each chunk once, in no order, with the statistics that ranking needs."""

    candidates: list[Candidate]
    document_frequency: Mapping[str, int]
    """for each of the terms: chunks that hold it in any field (of the whole store: an estimate is enough)"""
    chunk_count: int
    """chunks that document_frequency counts among"""
