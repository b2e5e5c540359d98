"""What indexing and search know of a store, and the values that travel to and from it.

A store holds *file versions* (path, blob), which never change, and *views*, which map paths to blobs. Search asks for
candidates; ranking happens above, from the candidates' features, so that every store ranks alike.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self, TypeVar

from wherein.status import OtherIndex
from wherein.store.deep import DeepQuestion, DeepTier

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wherein.store.name_book import NameBook

    Embeddings = NDArray[np.float32]
    """Shape (n, dimension), rows of length 1 (or all zero: a text without a known word)."""

T = TypeVar("T")

LEXICAL_FIELDS = ("symbol", "path", "doc", "body")
"""The token streams of a chunk, in the order of `ChunkRecord.streams`."""


def __getattr__(name: str) -> object:
    """What is made of arrays: git can be at work before this process has them, which takes it 40 ms."""
    if name == "Embeddings":
        import numpy as np
        from numpy.typing import NDArray

        return NDArray[np.float32]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@dataclass(frozen=True, slots=True)
class Header:
    """Who wrote an index. All fields must be equal for an index to be read."""

    schema: int
    chunker: str
    tokenizer: str
    model: str
    dimension: int


class ChunkRecord(NamedTuple):
    """A chunk as it is stored. Its text is lines start_line..end_line of its file version's text.

    Between processes a tuple takes a third of the time that another object does.
    """

    start_line: int
    end_line: int
    kind: str
    symbol: str
    qualified_name: str
    names: tuple[str, ...]
    streams: tuple[str, ...]
    """one a field of LEXICAL_FIELDS: terms joined by blanks, made by our tokenizer: letters and digits only"""
    profile: bytes
    """opaque to the store: what ranking needs to know of the chunk's terms; returned with each candidate"""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """The content `blob` under the name `path`, with its chunks in order of their lines."""

    path: str
    """POSIX; may hold surrogate escapes for bytes that are no UTF-8"""
    blob: str
    language: str
    text: str
    chunks: Sequence[ChunkRecord]
    embeddings: "Embeddings"
    """row i belongs to chunks[i]"""
    skip: str = ""
    """a SkipReason when its content keeps it out (then text is empty and there are no chunks), or keeps it from being
    indexed as it should (`skips.SEARCHED`)"""


def skipped_version(path: str, blob: str, reason: str) -> FileVersion:
    """The version of a file whose content keeps it out."""
    import numpy as np

    return FileVersion(path, blob, "text", "", (), np.empty((0, 0), np.float32), reason)


@dataclass(frozen=True, slots=True)
class ViewRecord:
    """A view as the store knows it."""

    name: str
    commit: str | None
    complete: bool
    updated: float
    """seconds since the epoch of the last write to this view"""
    files: int
    """paths in the view, those with skipped content included"""
    chunks: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    """paths whose content was skipped, by reason"""
    own: bool = True
    """false for a view of what is on another user's disk"""
    shared: bool = False
    """whether it is everybody's, in a store for many: nobody lets go of it alone"""
    digest: str = ""
    """what it shows, as `digest.digest_of` says it; empty where the store does not note that"""
    kept: int = 0
    """of what a branch showed before: how many of those whoever made this one keeps (`copy_view`)"""


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
class Retrieved:
    """The candidates of one Retrieval, each chunk once, in no order, with the statistics that ranking needs."""

    candidates: list[Candidate]
    document_frequency: Mapping[str, int]
    """for each of the terms: chunks that hold it in any field (of the whole store: an estimate is enough)"""
    chunk_count: int
    """chunks that document_frequency counts among"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds for its repository."""

    file_versions: int
    chunks: int
    bytes: int
    views: int


@dataclass(frozen=True, slots=True)
class Collected:
    """What a garbage collection freed."""

    file_versions: int
    chunks: int
    bytes: int


class NotStored(LookupError):
    """A view was to show a file version that is not stored, or not any more."""


class Store(DeepTier, Protocol):
    """The index of one repository.

    One writer at a time (`writing` says how), readers are never blocked and see whole batches only. Every method may
    raise StoreUnreachable; opening may raise IndexMissing and IndexIncompatible.
    """

    url: str
    """where it is, for people; without a password"""

    @property
    def shared(self) -> bool:
        """Whether others may write to it at the same time, each in turn."""
        ...

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

    def at_once(self, read: Callable[[], T]) -> T:
        """What `read` returns, where all that it asks of this store is answered from one state.

        `read` only reads. A store that cannot hold a state still calls it again when something it read is gone."""
        ...

    def now(self) -> float:
        """Seconds since the epoch by the clock that `ViewRecord.updated` goes by, which is one for all who share it."""
        ...

    def views(self) -> list[ViewRecord]:
        """All views, most recently updated first."""
        ...

    def view(self, name: str) -> ViewRecord | None:
        """One view, or None where it was never written."""
        ...

    def seen(self, name: str) -> ViewRecord | None:
        """The view as the last answer about it found it; asked for where there was none."""
        ...

    def view_files(self, name: str) -> dict[str, str]:
        """Path → blob of a view; empty where there is no such view."""
        ...

    def skipped_files(self, name: str) -> dict[str, str]:
        """Path → SkipReason of those files of the view whose content keeps them out."""
        ...

    def missing(self, versions: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the given (path, blob) pairs that the store does not hold."""
        ...

    def write(
        self,
        view: str,
        *,
        put: Sequence[FileVersion] = (),
        link: Mapping[str, str] | None = None,
        unlink: Iterable[str] = (),
        commit: str | None = None,
        complete: bool = False,
    ) -> None:
        """One atomic batch on one view: store `put` and show them in the view, show the stored versions of `link`
        (path → blob), hide the paths of `unlink`, and note the view's commit and whether it is now complete.

        `unlink` comes before the others. A path that the view shows in another version is replaced. Storing a version
        again is no error; linking one that is not stored is NotStored, and nothing is written.
        """
        ...

    def drop_view(self, name: str) -> bool:
        """Forget a view; its file versions stay until `collect`. False where there was none."""
        ...

    def copy_view(self, source: str, target: str, *, kept: int = 0) -> bool:
        """Let `target` show what `source` shows, and no more, with its commit, state and time; False without a
        `source`. Nothing is stored for it but the view. A store for many notes `kept` (`ViewRecord.kept`)."""
        ...

    def lacks(self, view: str | None = None) -> str:
        """What is missing, in words, that `mend` restores, or makes the next updates store again; empty where nothing
        is. Of a `view` it is asked also whether everything that it shows is stored. IndexDamaged."""
        ...

    def others(self) -> list[OtherIndex]:
        """The other indexes of the repository in this store: for other versions of wherein and other models, and those
        that were made anew and are kept for some days."""
        ...

    def mend(self) -> None:
        """Restore what is missing of what the views show. Those of which something has to be stored again are
        incomplete then: the next update of each does it."""
        ...

    def live_chunks(self) -> int:
        """How many chunks the views show together, what several show counted once."""
        ...

    def collect(self) -> Collected:
        """Delete the file versions that no view shows, and give their space back."""
        ...

    def retrieve(self, request: Retrieval) -> Retrieved:
        """Candidates for ranking. An unknown view has none."""
        ...

    def texts(self, ids: Sequence[int | str]) -> list[str]:
        """The lines of each chunk, joined as in the file version's text; empty for one that was collected since."""
        ...

    def chunk_at(self, view: str, path: str, line: int) -> "tuple[Candidate, Embeddings] | None":
        """The chunk of the view that covers a line (1-based), with its embedding of shape (dimension,)."""
        ...

    def definitions(self, view: str, name: str, filters: Filters, limit: int) -> list[Candidate]:
        """Chunks that define `name`: exact matches of symbol, qualified name or its tail first, then ones that differ
        in case or in what joins the parts, then names that begin with it; shorter names first, then by path and
        line."""
        ...

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """The first `limit` chunks of the view that the filters let through, by path and line."""
        ...

    def name_book(self) -> "NameBook":
        """The distinct symbols and further names of all chunks that the store holds, shown by a view or not; kept for
        as long as they stay the same."""
        ...

    def chunks_of(self, view: str, path: str) -> list[Candidate]:
        """All chunks that the view shows of one path, by line."""
        ...

    def counts(self) -> Counts:
        """What the store holds, views and garbage together."""
        ...
