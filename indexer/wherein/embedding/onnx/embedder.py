"""A transformer in an ONNX file: words → pieces → one vector for each text, on the processor only.

Each text goes through the network by itself, several at once in as many threads: nothing is padded (as fast as batches
of 16), and since int8 multiplication scales by the largest number that it meets, a text's vector would otherwise depend
on its neighbours.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wherein import tokens
from wherein.embedding.onnx.folder import PACKAGED, ModelFolder, read_folder, unreadable
from wherein.embedding.onnx.runtime import THREADS, open_session
from wherein.embedding.rows import unit_rows
from wherein.embedding.wordpiece import WordPieces
from wherein.store.protocol import Embeddings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CHARACTERS_A_PIECE = 24
"""A text is read so far for each piece of the window: three times what code takes, and a long text costs no more."""


class OnnxEmbedder:
    """The model of a folder (see `read_folder`): takes texts, reads them as wherein's tokenizer does."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the model of a folder, or the packaged one.

        Raises ConfigError if a file is missing, damaged or does not fit the others, or when ONNX Runtime is not
        installed.
        """
        model = read_folder(folder or PACKAGED)
        self._session: InferenceSession = open_session(model)
        self._window = model.window
        self._first, self._last = model.first, model.last
        self._pieces = WordPieces({piece: row for row, piece in enumerate(model.pieces)})
        self.dimension = model.dimension
        self.model_id = f"{model.id}/words{tokens.TOKENIZER_VERSION}"
        _try_out(self, model)

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts, of shape (len(texts), dimension); see `TextEmbedder`."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows = [(number, self._rows(text)) for number, text in enumerate(texts)]
        rows = sorted(((number, row) for number, row in rows if row.size), key=lambda entry: -entry[1].size)
        if len(rows) == 1:
            found = [self._run(rows[0][1])]
        else:
            with ThreadPoolExecutor(THREADS, thread_name_prefix="wherein-deep") as pool:
                found = list(pool.map(self._run, [row for _, row in rows]))
        for (number, _), vector in zip(rows, found, strict=True):
            vectors[number] = vector
        return unit_rows(vectors)

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, of shape (1, dimension)."""
        return self.documents([text])

    def _rows(self, text: str) -> NDArray[np.int32]:
        """The numbers of a text's pieces as the network takes them; none for a text without a known word."""
        words = tokens.words(text[: self._window * CHARACTERS_A_PIECE])
        pieces = list(islice(chain.from_iterable(map(self._pieces.__getitem__, words)), self._window - 2))
        return np.array([self._first, *pieces, self._last] if pieces else [], np.int32)

    def _run(self, row: NDArray[np.int32]) -> NDArray[np.float32]:
        (vectors,) = self._session.run(["embeddings"], {"pieces": row[np.newaxis]})
        vector: NDArray[np.float32] = vectors[0]
        return vector


def _try_out(embedder: OnnxEmbedder, model: ModelFolder) -> None:
    """A network that does not take the last piece, or as many as the window has, is told now and not in the middle of a
    fill."""
    row = [model.first, *[len(model.pieces) - 1] * (model.window - 2), model.last]
    try:
        shape = embedder._run(np.array(row, np.int32)).shape
    except Exception as error:
        why = f"its network does not take its vocabulary, or its window ({type(error).__name__})"
        raise unreadable(model.folder, why) from error
    if shape != (model.dimension,):
        raise unreadable(model.folder, f"its vectors have {shape[-1]} dimensions, not {model.dimension}")


@cache
def open_packaged() -> OnnxEmbedder:
    """The model that comes with wherein, opened once a process."""
    return OnnxEmbedder()
