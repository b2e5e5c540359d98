"""What indexing and search know of a store. The values that travel to and from it can be imported from here as well.

A store holds *file versions* (path, blob), which never change, and *views*, which map paths to blobs. Search asks for
candidates. Ranking happens above, from the candidates' features, so every store ranks alike.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from wherein.quick_dataclass import dataclass
from wherein.status import OtherIndex
from wherein.store import embeddings
from wherein.store.deep import DeepTier
from wherein.store.retrieval import Candidate, FileChunks, Filters, Retrieval, Retrieved
from wherein.store.stored import (
    LEXICAL_FIELDS,
    ChunkRecord,
    FileVersion,
    Header,
    ViewRecord,
    skipped_version,
)

if TYPE_CHECKING:
    from wherein.store.embeddings import Embeddings
    from wherein.store.name_book import NameBook

__all__ = [
    "LEXICAL_FIELDS",
    "Candidate",
    "ChunkRecord",
    "Collected",
    "Counts",
    "Embeddings",
    "FileChunks",
    "FileVersion",
    "Filters",
    "Header",
    "Inventory",
    "NotStored",
    "Retrieval",
    "Retrieved",
    "Store",
    "ViewRecord",
    "skipped_version",
]

T = TypeVar("T")


def __getattr__(name: str) -> object:
    """`Embeddings`, which needs numpy: imported when it is first used."""
    return getattr(embeddings, name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a store holds for its repository."""

    file_versions: int
    chunks: int
    bytes: int
    views: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a store holds for its repository, and whether all of it is there."""

    counts: Counts
    lacks: str
    """what is missing, as in `Store.lacks`"""
    others: tuple[OtherIndex, ...] = ()
    """the repository's other indexes: for other versions of wherein and other models, and rebuilt ones that are kept
    for some days"""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a garbage collection freed."""

    file_versions: int
    chunks: int
    bytes: int

    def __add__(self, other: "Collected") -> "Collected":
        """What both freed together."""
        return Collected(
            self.file_versions + other.file_versions, self.chunks + other.chunks, self.bytes + other.bytes
        )


class NotStored(LookupError):
    """A view was to show a file version that is not stored, or no longer."""


class Store(DeepTier, Protocol):
    """The index of one repository.

    There is one writer at a time; readers are never blocked, and see whole batches only. Every method may raise
    StoreUnreachable; opening may also raise IndexMissing and IndexIncompatible.
    """

    url: str
    """where it is, to show to people; without a password"""

    @property
    def shared(self) -> bool:
        """Whether others may write to it as well, each in turn."""
        ...

    def close(self) -> None:
        """Release everything. A second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...

    def at_once(self, read: Callable[[], T]) -> T:
        """What `read` returns, with everything it asks of this store answered from one state.

        `read` must only read. A store that cannot hold a state still calls it again if something it read is gone.
        """
        ...

    def now(self) -> float:
        """Seconds since the epoch, by the clock of `ViewRecord.updated`, which is the same for everybody who shares the
        store."""
        ...

    def views(self) -> list[ViewRecord]:
        """All views, most recently updated first."""
        ...

    def view(self, name: str) -> ViewRecord | None:
        """One view; None if it was never written."""
        ...

    def seen(self, name: str) -> ViewRecord | None:
        """The view as the last answer about it had it; asks the store if there was none."""
        ...

    def shows(self, record: ViewRecord, files: Mapping[str, str], *, exactly: bool = True) -> None:
        """Tell the store that a view shows exactly these files (path → blob), which the caller found out without
        reading the view. A distant store then need not send them for a search. Not `exactly`: they are the caller's own
        files and most of the view's, and only the rest has to be sent."""
        ...

    def view_files(self, name: str, seen: ViewRecord | None = None) -> dict[str, str]:
        """Path → blob of a view; empty if there is no such view. With `seen`, the record from `seen()`, the view's
        files at that time are good enough."""
        ...

    def skipped_files(self, name: str) -> dict[str, str]:
        """Path → SkipReason of the view's files whose content keeps them out."""
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
        """One atomic batch on one view: store `put` and show them in the view, show the stored versions of `link` (path
        → blob), hide the paths of `unlink`, and note the view's commit and whether it is now complete.

        `unlink` is done first. A path that the view shows in another version is replaced. Storing a version again is no
        error. Raises NotStored if a version to link is not stored; then nothing is written.
        """
        ...

    def drop_view(self, name: str) -> bool:
        """Forget a view; its file versions stay until `collect`. Returns False if there was none."""
        ...

    def copy_view(self, source: str, target: str, *, kept: int = 0) -> bool:
        """Make `target` show exactly what `source` shows, with its commit, state and time. Only the view is stored for
        that. Returns False without a `source`. A shared store records `kept` (`ViewRecord.kept`)."""
        ...

    def lacks(self, view: str) -> str:
        """What is missing, in words; empty if nothing is. `mend` restores it, or makes the next updates store it again.
        Also checks whether everything that the view shows is stored. Raises IndexDamaged."""
        ...

    def mend(self) -> None:
        """Restore what is missing from what the views show. A view of which something has to be stored again becomes
        incomplete; its next update does that."""
        ...

    def live_chunks(self) -> int:
        """How many chunks the views show together; what several show counts once."""
        ...

    def collect(self) -> Collected:
        """Delete the file versions that no view shows, and give their space back."""
        ...

    def retrieve(self, request: Retrieval) -> Retrieved:
        """Candidates for ranking; none for an unknown view."""
        ...

    def texts(self, ids: Sequence[int | str]) -> list[str]:
        """The lines of each chunk, joined as in the file version's text; empty for one that has been collected."""
        ...

    def chunk_at(self, view: str, path: str, line: int) -> "tuple[Candidate, Embeddings] | None":
        """The chunk of the view that covers a line (1-based), with its embedding of shape (dimension,)."""
        ...

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        """Chunks that define each of the names, at most `limit` each. Exact matches of the symbol, the qualified name
        or its tail come first, then names that differ in case or in what joins the parts; shorter names first, then by
        path and line. With `longer`, names that begin with the first name follow its own matches."""
        ...

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """The first `limit` chunks of the view that the filters let through, by path and line."""
        ...

    def name_book(self) -> "NameBook":
        """The distinct symbols and further names of all stored chunks, whether or not a view shows them; kept as long
        as they stay the same."""
        ...

    def chunks_of(self, view: str, paths: Collection[str]) -> dict[str, list[Candidate]]:
        """All chunks that the view shows of each path, by line; none for a path that it does not show."""
        ...

    def files_of(self, view: str, paths: Collection[str]) -> dict[str, FileChunks]:
        """As `chunks_of`, with the text of each chunk."""
        ...

    def counts(self) -> Counts:
        """What the store holds, views and garbage together."""
        ...

    def inventory(self) -> Inventory:
        """As `counts`, with what is missing in any view, and the repository's other indexes. Raises IndexDamaged."""
        ...
