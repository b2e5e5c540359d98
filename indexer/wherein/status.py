"""What an update did, how far it is, and what an index holds."""

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
    """chunks written by this update; nothing is written for content that the store already had"""
    files_embedded: int = 0
    """file versions that were chunked and embedded by this update"""
    files_unreadable: int = 0
    """files that are there and could not be read; the next update tries again"""
    files: int = 0
    """those of the view that are indexed now, as in `Status`: of what was read, some is left out for what is in it"""
    seconds: float = 0.0
    restored: bool = False
    """the store had lost something of the index, or held it otherwise than it was written, which was put right first"""
    renewed: bool = False
    """an older version of wherein, or another model, had made the index, which was made anew"""
    busy: bool = False
    """another process is updating this repository; nothing was done"""


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, how fresh, where."""

    repository: str
    view: str
    commit: str | None
    files: int
    chunks: int
    behind: int | None
    """files whose content on disk differs from what the view in the store shows; None where nobody looked"""
    complete: bool
    """false while, or after, an update that has not finished"""
    skipped: dict[str, int] = field(default_factory=dict)
    """files left out, by reason"""
    bytes: int = 0
    """size of the store's data for this repository"""
    model: str = ""
    store: str = ""
    branch: str | None = None
    """the branch that is checked out; None without one, and where nobody looked"""
    deep: "DeepStatus | None" = None
    """of the deep tier; None where none is set, and where it was not asked for"""
    described: "DescribedStatus | None" = None
    """what language models wrote; None where it was not asked for"""
    others: tuple["OtherIndex", ...] = ()
    """of the repository in the same store, for other versions of wherein or other models; where it was asked for"""


@dataclass(frozen=True, slots=True)
class DeepStatus:
    """The deep tier of a view."""

    setting: str
    """the model that is set, as the setting `deep_model` calls it"""
    model: str
    """its id, or those of several, joined; empty where it cannot be opened and has no vectors"""
    filled: int | None
    """chunks that have a vector of it; None where they were not counted"""
    chunks: int | None
    answers: str
    """the id of the model that answers now, or those of several: another one until this one is whole; empty where the
    first tier alone does"""
    problem: str = ""
    """why a model that is set cannot be used, a sentence"""
    each: tuple[tuple[str, int, int], ...] = ()
    """of several models that are blended: id, chunks that are filled, chunks; `filled` is the least of them"""

    @property
    def share(self) -> float | None:
        """Of the chunks that are filled, from 0 to 1; None where they were not counted."""
        return None if self.filled is None or self.chunks is None else self.filled / max(self.chunks, 1)


@dataclass(frozen=True, slots=True)
class DescribedStatus:
    """Definitions of a view that language models have described."""

    described: int
    models: tuple[str, ...] = ()
    """who wrote, most first: strangers' names"""


@dataclass(frozen=True, slots=True)
class OtherIndex:
    """What a store holds of a repository for another version of wherein, or another model."""

    made_with: str
    """what is another one there, in words"""
    age: Literal["newer", "older", "as old"]
    """than what this version makes"""
    chunks: int
    bytes: int
    views: int
    updated: float | None
    """when one of its views was last brought up to date, in seconds since the epoch"""
    replaced: bool = False
    """it counts no more, and is kept to go back to"""
    gone_back: bool = False
    """it is the one that was made anew, and was gone back from: what counts is older"""
