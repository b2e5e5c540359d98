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
    """What made an index. An index is read only if all fields are equal."""

    schema: int
    chunker: str
    tokenizer: str
    model: str
    dimension: int


class ChunkRecord(NamedTuple):
    """A chunk as it is stored. Its text is lines start_line..end_line of its file version's text.

    A tuple passes between processes in a third of the time of another object.
    """

    start_line: int
    end_line: int
    kind: str
    symbol: str
    qualified_name: str
    names: tuple[str, ...]
    streams: tuple[str, ...]
    """one for each of LEXICAL_FIELDS: terms joined by blanks, from our tokenizer: letters and digits only"""
    profile: bytes
    """what ranking needs to know of the chunk's terms; opaque to the store, returned with each candidate"""


@dataclass(frozen=True, slots=True)
class FileVersion:
    """The content `blob` under the name `path`, with its chunks in order of lines."""

    path: str
    """POSIX; may hold surrogate escapes for bytes that are not UTF-8"""
    blob: str
    language: str
    text: str
    chunks: Sequence[ChunkRecord]
    embeddings: "Embeddings"
    """row i belongs to chunks[i]"""
    skip: str = ""
    """a SkipReason if its content keeps it out (the text is then empty, and there are no chunks), or keeps it from
    being fully indexed (`skips.SEARCHED`)"""


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
    """paths in the view, including those with skipped content"""
    chunks: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    """number of paths whose content was skipped, by reason"""
    own: bool = True
    """false for a view of another user's disk"""
    shared: bool = False
    """whether it belongs to everybody, in a shared store: nobody drops it alone"""
    digest: str = ""
    """of what it shows, by `digest.digest_of`; empty if the store does not record it"""
    kept: int = 0
    """for an earlier state of a branch: how many of these whoever made it keeps (`copy_view`)"""
