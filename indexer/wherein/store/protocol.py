"""What indexing and search know of a store; the values that travel to and from it are imported from here as well.

A store holds *file versions* (path, blob), which never change, and *views*, which map paths to blobs. Search asks for
candidates; ranking happens above, from the candidates' features, so that every store ranks alike.
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
    """`Embeddings`, which is made of arrays."""
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
    """what is missing, as `Store.lacks` says"""
    others: tuple[OtherIndex, ...] = ()
    """the other indexes of the repository: for other versions of wherein and other models, and those that were made
    anew and are kept for some days"""


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

    def shows(self, record: ViewRecord, files: Mapping[str, str], *, exactly: bool = True) -> None:
        """Be told that a view shows just these files (path → blob), by who found so without reading it: a store that is
        far away need not send them for a search. Not `exactly`: they are those of who asks, and most of
        them the view's, which need not be sent then."""
        ...

    def view_files(self, name: str, seen: ViewRecord | None = None) -> dict[str, str]:
        """Path → blob of a view; empty where there is no such view. With a record as `seen` tells it, what the view
        showed then will do."""
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

    def lacks(self, view: str) -> str:
        """What is missing, in words, that `mend` restores, or makes the next updates store again; empty where nothing
        is. It is asked also whether everything that the view shows is stored. IndexDamaged."""
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

    def definitions(
        self, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
    ) -> list[list[Candidate]]:
        """Chunks that define each of the names, at most `limit` each: exact matches of symbol, qualified name or its
        tail first, then ones that differ in case or in what joins the parts; shorter names first, then by path and
        line. With `longer`, after those of the first name, chunks with names that begin with it."""
        ...

    def first_chunks(self, view: str, filters: Filters, limit: int) -> list[Candidate]:
        """The first `limit` chunks of the view that the filters let through, by path and line."""
        ...

    def name_book(self) -> "NameBook":
        """The distinct symbols and further names of all chunks that the store holds, shown by a view or not; kept for
        as long as they stay the same."""
        ...

    def chunks_of(self, view: str, paths: Collection[str]) -> dict[str, list[Candidate]]:
        """All chunks that the view shows of each path, by line; none of a path that it does not show."""
        ...

    def files_of(self, view: str, paths: Collection[str]) -> dict[str, FileChunks]:
        """The same with what `texts` has of each chunk."""
        ...

    def counts(self) -> Counts:
        """What the store holds, views and garbage together."""
        ...

    def inventory(self) -> Inventory:
        """The same with what is missing, whichever view shows it, and what is beside it. IndexDamaged."""
        ...
