"""A static embedding model: a text is the weighted sum of its word pieces' vectors.

There is no network to run, so one core embeds tens of thousands of chunks a second. data/README.md says how the shipped
model was made and what it is good for.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from errno import ENOMEM
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wherein.embedding.wordpiece import WordPieces
from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

PACKAGED = Path(__file__).parent / "data"
"""The folder of the model that comes with wherein."""

BLOCK = 32
"""Texts embedded at once, by counting their pieces and one matrix product: 85,000 chunks a second on one core. 16 to 64
do as well; larger blocks are sparse and slower; one text at a time gives 68,000."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a model folder's model.toml says about the model."""

    id: str
    dimension: int
    vocabulary: int
    """pieces of words that have a vector"""
    licence: str
    description: str


def read_card(folder: Path) -> Card:
    """The card of a model folder. Raises ConfigError if it cannot be read."""
    try:
        model = tomllib.loads((folder / "model.toml").read_text("utf-8"))["model"]
        return Card(**{name: model[name] for name in Card.__slots__})
    except (OSError, ValueError, KeyError) as error:
        raise _unreadable(folder, error) from error


class StaticEmbedder:
    """The model in a folder: int8 vectors with one scale for each row, and the vocabulary that names the rows."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the model in a folder, or the packaged one. Raises ConfigError if a file is missing or damaged."""
        folder = folder or PACKAGED
        card = read_card(folder)
        try:
            self._vectors: NDArray[np.int8] = np.load(folder / "vectors.npy", mmap_mode="r")
            self._scales: NDArray[np.float32] = np.load(folder / "scales.npy")
            pieces = (folder / "vocabulary.txt").read_text("utf-8").split()
        except (OSError, EOFError, ValueError) as error:
            raise _unreadable(folder, error) from error
        if self._vectors.shape != (len(pieces), card.dimension) or self._scales.shape != (len(pieces),):
            raise _unreadable(folder, "its files do not fit together")
        self.model_id = card.id
        self.dimension = card.dimension
        self._rows = WordPieces(dict(zip(pieces, range(len(pieces)), strict=True)))

    def embed(self, texts: Sequence[Sequence[str]]) -> Embeddings:
        """Embed each text, given as its lower-cased words. Shape (len(texts), dimension), see `Embedder`.

        A piece counts with the square root of its occurrences: what a body repeats says little more than what it says
        once (NDCG@10 of the plain distilled model: functions .266 → .331, files unchanged).
        """
        pieces = [list(chain.from_iterable(map(self._rows.__getitem__, text))) for text in texts]
        if len(texts) == 1:  # a query: the arrays as long as the vocabulary would take most of the time
            once = Counter(pieces[0])
            few = sorted(once)
            return _of_length_one(
                self._weighted(np.array([[once[row] for row in few]]), np.array(few, np.intp))
            )
        sizes = np.fromiter(map(len, pieces), np.intp, len(pieces))
        return self.embed_pieces(np.array(list(chain.from_iterable(pieces)), np.intc), sizes)

    def pieces(self, word: str) -> Sequence[int]:
        """The rows of a word's pieces."""
        return self._rows[word]

    def embed_pieces(self, pieces: NDArray[np.intc], sizes: NDArray[np.intp]) -> Embeddings:
        """As `embed`; text i has sizes[i] of the pieces."""
        sums = np.empty((len(sizes), self.dimension), np.float32)
        stops = np.cumsum(sizes)
        with _one_blas_thread() if len(sizes) > BLOCK else nullcontext():
            for start in range(0, len(sizes), BLOCK):
                block = sizes[start : start + BLOCK]
                stop = stops[start + len(block) - 1]
                sums[start : start + BLOCK] = self._sum(pieces[stops[start] - block[0] : stop], block)
        return _of_length_one(sums)

    def _sum(self, pieces: NDArray[np.intc], sizes: NDArray[np.intp]) -> Embeddings:
        # Which rows occur, and each one's place among them: np.unique would sort, which takes three times as long.
        occurs = np.zeros(len(self._vectors), np.bool_)
        occurs[pieces] = True
        rows = np.flatnonzero(occurs)
        places = np.empty(len(self._vectors), np.int64)
        places[rows] = np.arange(len(rows))
        column = places[pieces]
        text_of = np.repeat(np.arange(len(sizes)), sizes)
        counts = np.bincount(text_of * len(rows) + column, minlength=len(sizes) * len(rows))
        return self._weighted(counts.reshape(len(sizes), len(rows)), rows)

    def _weighted(self, counts: NDArray[np.int64], rows: NDArray[np.intp]) -> Embeddings:
        """The sums for the counts, of shape (texts, rows), of some rows of the model."""
        vectors = self._vectors[rows] * self._scales[rows, np.newaxis]
        sums: Embeddings = np.sqrt(counts, dtype=np.float32) @ vectors
        return sums


def _of_length_one(sums: Embeddings) -> Embeddings:
    """The rows, scaled to length 1; rows of zeros stay as they are."""
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    np.divide(sums, lengths, out=sums, where=lengths > 0)
    return sums


def _one_blas_thread() -> AbstractContextManager[object]:
    """Use one thread of BLAS: the products are so small that its threads mostly wait for each other. On busy cores,
    preparing files took three times the processor time with two."""
    limited: AbstractContextManager[object] = _blas().limit(limits=1, user_api="blas")
    return limited


@cache
def _blas() -> "ThreadpoolController":
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _unreadable(folder: Path, why: object) -> ConfigError:
    if isinstance(why, OSError) and why.errno == ENOMEM:
        raise MemoryError
    return ConfigError(
        f"The embedding model in {folder} cannot be read: {why}.", remedy="install wherein again"
    )
