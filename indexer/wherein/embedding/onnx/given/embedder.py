"""The embedder of a folder with an ONNX file and its tokenizer."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wherein.embedding import facts
from wherein.embedding.onnx.folder import unreadable
from wherein.embedding.onnx.given.folder import FIRST, LAST, GivenFolder
from wherein.embedding.onnx.given.trial import tried
from wherein.embedding.onnx.given.words import Tokens
from wherein.embedding.onnx.runtime import THREADS, session_of
from wherein.embedding.prompts import Prompts
from wherein.embedding.rows import unit_rows
from wherein.store.protocol import Embeddings

CHARACTERS_A_PIECE = 24
"""A text is read so far for each piece of the window."""

NUMBERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}

INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class GivenNetwork:
    """A network and its tokenizer, which may not have been tried out yet."""

    def __init__(self, folder: GivenFolder) -> None:
        """Raises UnusableModel if the network or the tokenizer is none, or they are of another form."""
        self._folder = folder
        self.tokens = Tokens(folder)
        self._session = session_of(folder.network, folder.path)
        inputs = {each.name: NUMBERS.get(each.type) for each in self._session.get_inputs()}
        if "input_ids" not in inputs or not inputs.keys() <= INPUTS or None in inputs.values():
            raise unreadable(
                folder.path, f"its network takes {', '.join(inputs)[:100]}, not the pieces of a text"
            )
        self._inputs: dict[str, Any] = inputs
        outputs = [each.name for each in self._session.get_outputs()]
        self._output = next((name for name in outputs if name == "sentence_embedding"), outputs[0])

    def run(self, pieces: Sequence[int]) -> NDArray[np.float32]:
        """The vector of one text. Raises UnusableModel if the network gives none."""
        given = {
            "input_ids": pieces,
            "attention_mask": [1] * len(pieces),
            "token_type_ids": [0] * len(pieces),
        }
        fed = {name: np.array([given[name]], kind) for name, kind in self._inputs.items()}
        try:
            (found,) = self._session.run([self._output], fed)
        except Exception as error:  # its exceptions share no class but this
            why = f"its network does not take its vocabulary, or its window ({type(error).__name__})"
            raise unreadable(self._folder.path, why) from None
        rows = np.asarray(found)
        if rows.ndim == 3 and rows.shape[:2] == (1, len(pieces)):
            pooling = self._folder.pooling
            rows = rows[:, 0] if pooling == FIRST else rows[:, -1] if pooling == LAST else rows.mean(axis=1)
        if rows.ndim != 2 or rows.shape[0] != 1 or rows.dtype.kind != "f" or not np.isfinite(rows).all():
            raise unreadable(self._folder.path, "its network does not return vectors")
        vector: NDArray[np.float32] = rows[0].astype(np.float32)
        return vector


class GivenEmbedder:
    """Takes texts as they are, each by itself, several at once."""

    def __init__(
        self, folder: GivenFolder, prompts: Prompts, *, data_dir: Path, dimension: int | None = None
    ) -> None:
        """Raises ConfigError if the packages that run it are not installed, or the model cannot be used. A model that
        this machine has not seen before is tried out in a process of its own, which limits end."""
        self._folder, self._prompts, self._cut = folder, prompts, dimension
        file = facts.place(data_dir, "onnx", folder.revision, dimension, prompts)
        known = facts.remembered(file)
        if known is None:
            known = facts.Facts(unit_rows(tried(folder, prompts.document + facts.PROBE), dimension))
            facts.remember(file, known)
        self._network = GivenNetwork(folder)
        self.dimension = known.dimension
        mark = f"+{prompts.mark}" if prompts.mark else ""
        self.model_id = f"onnx:{folder.path.name}@{folder.revision}/{self.dimension}{mark}"

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed what is searched, see `TextEmbedder`."""
        return self._embedded(texts, self._prompts.document)

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, see `TextEmbedder`."""
        return self._embedded([text], self._prompts.query)

    def _embedded(self, texts: Sequence[str], prefix: str) -> Embeddings:
        wanted = [place for place, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self.dimension), np.float32)
        longest = self._folder.window * CHARACTERS_A_PIECE
        pieces = [self._network.tokens.of(prefix + texts[place][:longest]) for place in wanted]
        if len(pieces) > 1:
            with ThreadPoolExecutor(THREADS, thread_name_prefix="wherein-deep") as pool:
                found = list(pool.map(self._network.run, pieces))
        else:
            found = [self._network.run(each) for each in pieces]
        if found:
            rows[wanted] = unit_rows(np.stack(found), self._cut)
        return rows
