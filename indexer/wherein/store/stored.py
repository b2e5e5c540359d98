"""What a store holds: file versions with their chunks, and views of them."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.store.embeddings import Embeddings

LEXICAL_FIELDS = ("symbol", "path", "doc", "body")
"""The token streams of a chunk, in the order of `ChunkRecord.streams`."""


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
