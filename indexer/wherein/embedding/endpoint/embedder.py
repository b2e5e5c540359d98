"""The embedder of an OpenAI-compatible server: Ollama, llama.cpp, vLLM, TEI, or one that is rented."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from wherein.embedding import facts
from wherein.embedding.endpoint.asker import BACKGROUND, OPENING, SEARCHING, Asker, Patience
from wherein.embedding.endpoint.request import Connection
from wherein.embedding.facts import PROBE, Facts
from wherein.embedding.prompts import Prompts
from wherein.embedding.rows import unit_rows
from wherein.embedding.texts import Usage
from wherein.errors import EndpointUnreachable
from wherein.store.protocol import Embeddings


class ModelChanged(EndpointUnreachable):
    """Another model answers to the name than before. When it is opened again it is known, by an id of its own."""


class EndpointEmbedder:
    """One model of one server."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        data_dir: Path,
        api_key: str | None = None,
        dimension: int | None = None,
        prompts: Prompts | None = None,
        price: float = 0.0,
        patience: Patience = BACKGROUND,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open it; the server is asked for one vector where nothing is remembered of it. EndpointUnreachable.

        `url` ends with its /v1; vectors are cut to `dimension`; a million tokens cost `price`.
        """
        self.usage = Usage()
        self._connection = Connection(url, api_key)
        self._asker = Asker(
            self._connection, model, usage=self.usage, dimension=dimension, price=price, sleep=sleep
        )
        self._name = f"{model} at {url}"
        self._cut = dimension
        self._prompts = prompts or Prompts()
        self._patience = patience
        self._checked = False
        self._checking = Lock()
        self._file = facts.place(data_dir, "endpoint", url, model, dimension, self._prompts)
        self._facts = facts.remembered(self._file) or self._learn()
        self.dimension = self._facts.dimension
        mark = f"+{self._prompts.mark}" if self._prompts.mark else ""
        self.model_id = f"endpoint:{model}@{self._facts.revision}/{self.dimension}{mark}"

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed what is searched, see `TextEmbedder`. Before the first it is asked whether the model is still the same:
        ModelChanged where it is not."""
        self._check()
        return self._rows([self._prompts.document + text for text in texts], texts, self._patience)

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, see `TextEmbedder`."""
        return self._rows([self._prompts.query + text], [text], SEARCHING)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _rows(self, sent: Sequence[str], texts: Sequence[str], patience: Patience) -> Embeddings:
        wanted = [place for place, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self.dimension), np.float32)
        if wanted:
            made = unit_rows(self._asker.vectors([sent[place] for place in wanted], patience), self._cut)
            if made.shape[1] != self.dimension:
                raise self._changed(f"gives vectors of {made.shape[1]:,} numbers, not {self.dimension:,}")
            rows[wanted] = made
        return rows

    def _learn(self) -> Facts:
        """What is so now; it is remembered."""
        found = Facts(self._probe())
        facts.remember(self._file, found)
        self._checked = True
        return found

    def _probe(self) -> Embeddings:
        return unit_rows(self._asker.vectors([self._prompts.document + PROBE], OPENING), self._cut)

    def _check(self) -> None:
        with self._checking:
            if self._checked:
                return
            if not self._facts.is_of(self._probe()):
                raise self._changed("is another model")
            self._checked = True

    def _changed(self, how: str) -> ModelChanged:
        facts.forget(self._file)
        return ModelChanged(
            f"{self._name} {how} than before.",
            remedy="try again: it counts as a new model from now on, whose vectors are made beside the old ones",
        )
