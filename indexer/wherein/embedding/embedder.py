"""What indexing and search know of an embedding model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wherein.store.protocol import Embeddings


class Embedder(Protocol):
    """Maps texts to vectors; the cosine of two says how similar in meaning the texts are."""

    model_id: str
    """part of an index's header: vectors of different ids are never compared"""
    dimension: int

    def embed(self, texts: Sequence[Sequence[str]]) -> Embeddings:
        """Embed each text, given as its lower-cased words in order (see `wherein.tokens.words`).

        Returns shape (len(texts), dimension): rows of length 1, or all zero for a text without a known word.
        """
        ...

    def pieces(self, word: str) -> Sequence[int]:
        """The pieces of a lower-cased word, as the numbers that `embed_pieces` takes."""
        ...

    def embed_pieces(self, pieces: NDArray[np.intc], sizes: NDArray[np.intp]) -> Embeddings:
        """As `embed`, given the pieces of all texts in a row; text i has sizes[i] of them."""
        ...
