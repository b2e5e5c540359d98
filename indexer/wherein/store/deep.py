"""The deep tier, as indexing and search know it of a store: a second vector for chunks, made by a slower model.

Vectors are kept by model and content (a hash of the text that was embedded), so that views, branches and clones share
them, and several models lie beside each other. An index without any is as good as ever; one with some says which.
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
    """What an embedded text is known by, of CONTENT_BYTES."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=CONTENT_BYTES).digest()


@dataclass(frozen=True, slots=True)
class DeepModel:
    """A model of which a store holds vectors, or is to hold some."""

    id: str
    """vectors of different ids are never compared"""
    dimension: int
    setting: str
    """what the setting `deep_model` called it where it was used last: how it may be opened again"""
    used: float = 0.0
    """seconds since the epoch by the store's clock, to a day or so"""
    vectors: int = 0
    """how many contents it holds"""


@dataclass(frozen=True, slots=True)
class DeepQuestion:
    """What is asked of the deep tier in one `Retrieval`: the best of a model's vectors, and the cosines of all
    candidates that have one."""

    model: str
    embedding: "Vector"


class DeepRow(NamedTuple):
    """The vector of a chunk."""

    chunk: int | str
    """its id"""
    content: bytes
    vector: "Vector | Row | None"
    """None: that which the store holds for this content"""


class DeepTier(Protocol):
    """What a `Store` keeps of deep vectors. A chunk is looked up by its id; ids that are gone are passed over."""

    def deep_models(self) -> list[DeepModel]:
        """Those of which there are vectors, the one that was used last first."""
        ...

    def deep_covered(self, view: str, model: str) -> tuple[int, int]:
        """How many chunks that the view shows have a vector, and how many there are."""
        ...

    def deep_lacking(self, view: str, model: str) -> Mapping[str, Sequence[int | str]]:
        """Path → the chunks that the view shows of it and that have no vector, by line."""
        ...

    def deep_known(self, model: str, contents: Iterable[bytes]) -> set[bytes]:
        """Those of the contents of which there is a vector."""
        ...

    def deep_vectors(
        self, models: Sequence[str], contents: Sequence[bytes]
    ) -> Mapping[str, Mapping[bytes, bytes]]:
        """For each of the models the vectors of those contents that it has, as int8 numbers; asked for together."""
        ...

    def deep_claim(self, model: str, contents: Sequence[bytes]) -> set[bytes]:
        """Those of the contents that are the caller's to embed for the next minute; the others are some other
        process's. A store of one machine, where one process fills, gives all."""
        ...

    def deep_put(self, model: DeepModel, rows: Sequence[DeepRow]) -> int:
        """One atomic batch; how many chunks have a vector by it. A row without a vector whose content is not known any
        more is passed over."""
        ...

    def deep_keep(self, model: DeepModel, rows: Sequence[DeepRow]) -> None:
        """`deep_put`, also by a store that was opened for reading, where its user may write."""
        ...

    def deep_whole(self, view: str) -> list[str]:
        """The models that were whole for the view at some time and still have vectors, the latest first."""
        ...

    def deep_note_whole(self, view: str, model: str) -> None:
        """Note that every chunk that the view shows has a vector of the model."""
        ...

    def deep_rows(self, view: str, model: str) -> list[bytes]:
        """What the chunks that the view shows have of a model, in no order, without those that are all zero: of a
        vector its int8 numbers."""
        ...

    def deep_forget(self, model: str) -> int:
        """Delete all vectors of a model; how many there were."""
        ...
