"""Results of an update, its progress, and the status of an index."""

from collections.abc import Callable
from dataclasses import field
from typing import Literal

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of an update, for progress bars."""

    files_done: int
    files_total: int
    chunks: int


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What `Index.update` changed in the view. File counts are of paths in the view."""

    files_added: int = 0
    files_changed: int = 0
    files_removed: int = 0
    files_skipped: int = 0
    chunks: int = 0
    """chunks that this update wrote; content that the store already had is not written again"""
    files_embedded: int = 0
    """file versions that this update chunked and embedded"""
    files_unreadable: int = 0
    """files that exist but could not be read; the next update tries again"""
    files_moved: int = 0
    """files that were deleted or written to during this update; the view shows of them what it did, and the next update
    looks again"""
    files: int = 0
    """files of the view that are now indexed, as in `Status`: some of what was read is left out because of its
    content"""
    seconds: float = 0.0
    restored: bool = False
    """whether the store had lost part of the index, or held something other than was written, and was repaired first"""
    renewed: bool = False
    """whether another version of wherein, or another model, had made the index, and it was rebuilt"""
    busy: bool = False
    """whether another process is updating this repository, so that nothing was done"""


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, how fresh it is, and where."""

    repository: str
    view: str
    commit: str | None
    files: int
    chunks: int
    behind: int | None
    """files whose content on disk differs from what the view shows; None if nobody looked"""
    complete: bool
    """false during an update, and after one that did not finish"""
    skipped: dict[str, int] = field(default_factory=dict)
    """number of files left out, by reason"""
    bytes: int = 0
    """size of the store's data for this repository"""
    model: str = ""
    store: str = ""
    branch: str | None = None
    """the branch that is checked out; None without one, or if nobody looked"""
    deep: "DeepStatus | None" = None
    """of the deep tier; None if there is none, or if it was not asked for"""
    described: "DescribedStatus | None" = None
    """what language models wrote; None if it was not asked for"""
    others: tuple["OtherIndex", ...] = ()
    """other indexes of this repository in the same store, for other versions of wherein or other models; empty if not
    asked for"""


@dataclass(frozen=True, slots=True)
class DeepStatus:
    """The deep tier of a view."""

    setting: str
    """the configured model, as the setting `deep_model` names it"""
    model: str
    """its id, or the joined ids of several; empty if it cannot be opened and has no vectors"""
    filled: int | None
    """chunks that have a vector of it; None if they were not counted"""
    chunks: int | None
    answers: str
    """the id of the model that answers now, or of several, joined: another one until this one is complete; empty if
    only the first tier answers"""
    problem: str = ""
    """why a configured model cannot be used, as a sentence"""
    each: tuple[tuple[str, int, int], ...] = ()
    """for several blended models: id, filled chunks, chunks; `filled` is the smallest of them"""

    @property
    def share(self) -> float | None:
        """The share of chunks that are filled, from 0 to 1; None if they were not counted."""
        return None if self.filled is None or self.chunks is None else self.filled / max(self.chunks, 1)


@dataclass(frozen=True, slots=True)
class DescribedStatus:
    """Definitions of a view that language models have described."""

    described: int
    models: tuple[str, ...] = ()
    """the models that wrote, by how much they wrote; names chosen by strangers"""


@dataclass(frozen=True, slots=True)
class OtherIndex:
    """What a store holds of a repository for another version of wherein, or another model."""

    made_with: str
    """what differs, in words"""
    age: Literal["newer", "older", "as old"]
    """compared with what this version makes"""
    chunks: int
    bytes: int
    views: int
    updated: float | None
    """when one of its views was last updated, in seconds since the epoch"""
    replaced: bool = False
    """whether it was replaced, and is only kept to go back to"""
    gone_back: bool = False
    """whether it is the rebuilt one that was gone back from: the current index is older"""
