"""The deep tier, as indexing and search know it from a store: a second vector for chunks, from a slower model.

Vectors are kept by model and content (a hash of the embedded text), so views, branches and clones share them, and
several models exist side by side. An index works without any; one that has some says which.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple, Protocol

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]
    """Shape (dimension,), of length 1; all zero for what has no direction"""
    Row = NDArray[np.int8]
    """Shape (dimension,): kept as it is, such as a description"""

CONTENT_BYTES = 16


def content_of(text: str) -> bytes:
    """The key of an embedded text, of CONTENT_BYTES."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=CONTENT_BYTES).digest()


@dataclass(frozen=True, slots=True)
class DeepModel:
    """A model whose vectors a store holds, or is to hold."""

    id: str
    """vectors with different ids are never compared"""
    dimension: int
    setting: str
    """how the setting `deep_model` named it when it was last used, so that it can be opened again"""
    used: float = 0.0
    """seconds since the epoch by the store's clock, to about a day"""
    vectors: int = 0
    """how many contents it has vectors for"""


@dataclass(frozen=True, slots=True)
class DeepQuestion:
    """What one `Retrieval` asks the deep tier: the best of a model's vectors, and the cosines of all candidates that
    have one."""

    model: str
    embedding: "Vector"


class DeepRow(NamedTuple):
    """The vector of a chunk."""

    chunk: int | str
    """its id"""
    content: bytes
    vector: "Vector | Row | None"
    """None: the vector that the store already has for this content"""


class DeepTier(Protocol):
    """What a `Store` keeps of deep vectors. Chunks are looked up by id; ids that are gone are ignored."""

    def deep_models(self) -> list[DeepModel]:
        """The models that have vectors, most recently used first."""
        ...

    def deep_covered(self, view: str, model: str) -> tuple[int, int]:
        """How many chunks that the view shows have a vector, and how many it shows."""
        ...

    def deep_lacking(self, view: str, model: str) -> Mapping[str, Sequence[int | str]]:
        """Path → chunks that the view shows of it and that have no vector, by line."""
        ...

    def deep_known(self, model: str, contents: Iterable[bytes]) -> set[bytes]:
        """Those of the contents that have a vector."""
        ...

    def deep_vectors(
        self, models: Sequence[str], contents: Sequence[bytes]
    ) -> Mapping[str, Mapping[bytes, bytes]]:
        """For each model, the vectors that it has of the contents, as int8 numbers; one question for all."""
        ...

    def deep_claim(self, model: str, contents: Sequence[bytes]) -> set[bytes]:
        """Those of the contents that the caller is to embed within the next minute; other processes have the others. A
        store of one machine, where one process fills, gives all."""
        ...

    def deep_put(self, model: DeepModel, rows: Sequence[DeepRow]) -> int:
        """Write one atomic batch. Returns how many chunks have a vector from it. A row without a vector is ignored if
        its content is no longer known."""
        ...

    def deep_keep(self, model: DeepModel, rows: Sequence[DeepRow]) -> None:
        """As `deep_put`, but also works on a store that was opened for reading, if its user may write."""
        ...

    def deep_whole(self, view: str) -> list[str]:
        """The models that were once complete for the view and still have vectors, latest first."""
        ...

    def deep_note_whole(self, view: str, model: str) -> None:
        """Record that every chunk that the view shows has a vector of the model."""
        ...

    def deep_rows(self, view: str, model: str) -> list[bytes]:
        """What the chunks that the view shows have of a model, in no order, without rows that are all zero; vectors as
        int8 numbers."""
        ...

    def deep_forget(self, model: str) -> int:
        """Delete all vectors of a model. Returns how many there were."""
        ...
