"""Embeds chunks, by vectors of a model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wherein.deepening.text import deep_text
from wherein.embedding.texts import Remote, TextEmbedder
from wherein.store.deep import DeepModel, content_of
from wherein.store.protocol import Candidate

if TYPE_CHECKING:
    from wherein.store.deep import Vector

BATCH = 64
"""Texts that are stored together: half a second of a small transformer."""

AT_ONCE = 16
"""Texts between two looks whether to stop: a tenth of a second, which who saves or searches waits at most."""


class Embedding:
    """A `Maker`."""

    answers = True
    batch = BATCH

    def __init__(self, embedder: TextEmbedder, setting: str) -> None:
        """`setting` is what the setting `deep_model` calls the embedder's model."""
        self._embedder = embedder
        self.model = DeepModel(embedder.model_id, embedder.dimension, setting)
        self.at_once = embedder.at_once if isinstance(embedder, Remote) else AT_ONCE

    def texts(self, chunks: Sequence[Candidate], texts: Sequence[str], wanted: Sequence[bool]) -> list[str]:
        """Each chunk with its label."""
        return [
            deep_text(each, text) if is_wanted else ""
            for each, text, is_wanted in zip(chunks, texts, wanted, strict=True)
        ]

    def content(self, text: str) -> bytes:
        """Of the text alone: the model stands beside it."""
        return content_of(text)

    def make(self, texts: Sequence[str]) -> "Sequence[Vector]":
        """Vectors. What says nothing has no direction, and the model is not asked for it."""
        vectors = np.zeros((len(texts), self._embedder.dimension), np.float32)
        said = [place for place, text in enumerate(texts) if text]
        if said:
            vectors[said] = self._embedder.documents([texts[place] for place in said])
        return list(vectors)
