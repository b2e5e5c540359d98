"""The profiles and embeddings of all chunks of a batch, made at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wherein.profile import FIELDS, pack_profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wherein.indexing.vocabulary import Vocabulary
    from wherein.store.protocol import Embeddings

TEXTS = (*FIELDS, "qualified_name")
"""The texts of a chunk, in the order of their runs."""

EMBEDDED_WORDS = 300
"""A chunk's embedding is made of at most so many words of its doc and of its body; a mean over more says less."""

_ALL = np.iinfo(np.intc).max
_EMBEDDED = np.array([EMBEDDED_WORDS, EMBEDDED_WORDS, 0, 0, _ALL])
"""Words of each text. The symbol's stand in the qualified name as well, the signature's in the body."""


class BatchTexts:
    """The runs of n chunks' TEXTS, one after the other; `sizes`, of shape (n, 5), tells how many each text has."""

    def __init__(self, known: Vocabulary, runs: NDArray[np.intc], sizes: NDArray[np.intp]) -> None:
        self._known = known
        self._runs = runs
        self._sizes = sizes

    def profiles(self, numbers: Sequence[Sequence[int]]) -> list[bytes]:
        """The profile of each chunk, with its numbers."""
        terms, of_run = self._known.terms(self._runs)
        sizes = self._summed(of_run)
        counted = np.repeat(np.tile([True] * len(FIELDS) + [False], len(sizes)), sizes.ravel())
        return pack_profiles(terms[counted], sizes[:, : len(FIELDS)], self._known.hashes(), numbers)

    def embeddings(self, searched: NDArray[np.bool_]) -> Embeddings:
        """The embedding of each chunk, in a row; zeros for what is not searched."""
        words, of_run = self._known.words(self._runs)
        sizes = self._summed(of_run).ravel()
        within = np.arange(len(words)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        most = np.outer(searched, _EMBEDDED).ravel()
        words = words[within < np.repeat(most, sizes)]
        of_chunk = np.minimum(sizes, most).reshape(self._sizes.shape).sum(axis=1)
        pieces, of_word = self._known.pieces(words)
        return self._known.embedder.embed_pieces(pieces, _sums(of_word, of_chunk))

    def _summed(self, of_run: NDArray[np.intc]) -> NDArray[np.intp]:
        """For each text of each chunk, the sum of what its runs have."""
        return _sums(of_run, self._sizes.ravel()).reshape(self._sizes.shape)


def _sums(values: NDArray[np.intc], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """The sum of the first sizes[0] values, that of the next sizes[1] …"""
    reached = np.concatenate([[0], np.cumsum(values, dtype=np.intp)])[np.cumsum(sizes)]
    return np.diff(reached, prepend=0)
