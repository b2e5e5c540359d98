"""The embedder of an OpenAI-compatible server: Ollama, llama.cpp, vLLM, TEI, or a rented one."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from wherein.embedding import facts
from wherein.embedding.endpoint.asker import BACKGROUND, OPENING, SEARCHING, Asker, Patience
from wherein.embedding.endpoint.batches import MOST_TEXTS
from wherein.embedding.endpoint.request import Connection
from wherein.embedding.facts import PROBE, Facts
from wherein.embedding.prompts import Prompts
from wherein.embedding.rows import unit_rows
from wherein.embedding.texts import Usage
from wherein.endpoint.failures import Stalled
from wherein.errors import EndpointUnreachable
from wherein.store.protocol import Embeddings

RESTS = 30.0
"""Seconds that a server is not asked questions after it kept one waiting."""


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
        """Open it; the server is asked for one vector where nothing is remembered of it. Raises EndpointUnreachable.

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
        self._rests_until = 0.0
        self.at_once = MOST_TEXTS
        self.outdated = False
        self._file = facts.place(data_dir, "endpoint", url, model, dimension, self._prompts)
        self._facts = facts.remembered(self._file) or self._learn()
        self.dimension = self._facts.dimension
        mark = f"+{self._prompts.mark}" if self._prompts.mark else ""
        self.model_id = f"endpoint:{model}@{self._facts.revision}/{self.dimension}{mark}"

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed what is searched, see `TextEmbedder`. With the first it is looked whether the model is still the same:
        ModelChanged where it is not."""
        return self._documents(texts, self._patience)

    def documents_within(self, texts: Sequence[str], seconds: float) -> Embeddings:
        """The same for who waits: asked once, for so long. Raises Stalled."""
        return self._documents(texts, Patience(answers_within=seconds, give_up_after=seconds, tries=1))

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, see `TextEmbedder`. A server that kept a question waiting is not asked another one for
        a while: Stalled at once."""
        left = self._rests_until - time.monotonic()
        if left > 0:
            raise Stalled(
                f"The embedding server of {self._name} did not answer; it is asked again in {left:.0f} s."
            )
        rows = np.zeros((1, self.dimension), np.float32)
        if not text.strip():
            return rows
        try:
            rows[:] = self._fitting(self._asker.vectors([self._prompts.query + text], SEARCHING))
        except Stalled:
            self._rests_until = time.monotonic() + RESTS
            raise
        return rows

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _documents(self, texts: Sequence[str], patience: Patience) -> Embeddings:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        wanted = [place for place, text in enumerate(texts) if text.strip()]
        if not wanted:
            return rows
        if not self._checked and len(wanted) >= MOST_TEXTS:  # the probe would make it two requests anyway
            self._documents([PROBE], patience)
        probes = [] if self._checked else [PROBE]
        sent = [self._prompts.document + text for text in (*probes, *(texts[place] for place in wanted))]
        made = self._fitting(self._asker.vectors(sent, patience))
        if probes:
            if not self._facts.is_of(made[:1]):
                raise self._changed("is a different model")
            self._checked = True
        rows[wanted] = made[len(probes) :]
        return rows

    def _fitting(self, vectors: Embeddings) -> Embeddings:
        rows = unit_rows(vectors, self._cut)
        if rows.shape[1] != self.dimension:
            raise self._changed(f"gives vectors of {rows.shape[1]:,} numbers, not {self.dimension:,}")
        return rows

    def _learn(self) -> Facts:
        """What is so now; it is remembered."""
        found = Facts(unit_rows(self._asker.vectors([self._prompts.document + PROBE], OPENING), self._cut))
        facts.remember(self._file, found)
        self._checked = True
        return found

    def _changed(self, how: str) -> ModelChanged:
        facts.forget(self._file)
        self.outdated = True
        return ModelChanged(
            f"{self._name} {how} than before.",
            remedy="try again: it counts as a new model from now on, and its vectors are kept apart from the old ones",
        )
