"""What the deep tier knows of an embedding model: whole texts in, vectors out."""

from collections.abc import Sequence
from dataclasses import field
from threading import Lock
from typing import Protocol, runtime_checkable

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings


def whole_characters(text: str) -> str:
    """A text without halves of characters, such as a question from a terminal of another encoding has: they are no
    UTF-8, and neither a server nor a tokenizer takes them."""
    return text.encode("utf-8", "replace").decode()


class TextEmbedder(Protocol):
    """Maps texts to vectors whose cosine says how close in meaning the texts are. Any thread may call it."""

    model_id: str
    """kind, name, revision, dimension and prefixes: vectors of different ids are never compared"""
    dimension: int

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed what is searched. What the model's window does not hold of a text is left out.

        Returns shape (len(texts), dimension): rows of length 1, or all zero for a text of blanks. WhereinError where
        the model cannot be asked; then none of the texts counts as embedded, so hand over what may be lost.
        """
        ...

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, of shape (1, dimension). WhereinError, and soon: somebody waits."""
        ...


@dataclass(slots=True)
class Usage:
    """What asking a model has taken so far, since it was opened."""

    requests: int = 0
    texts: int = 0
    tokens: int = 0
    """as the server counts them, or estimated where it does not tell"""
    estimated_tokens: int = 0
    """those of `tokens` that are estimated"""
    retries: int = 0
    cost: float = 0.0
    """in the currency of the setting `deep_price`"""
    seconds: float = 0.0
    """spent waiting for answers"""
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def add(
        self,
        *,
        texts: int = 0,
        requests: int = 0,
        tokens: int = 0,
        estimated: int = 0,
        retries: int = 0,
        cost: float = 0.0,
        seconds: float = 0.0,
    ) -> None:
        """Count further ones, from any thread."""
        with self._lock:
            self.requests += requests
            self.texts += texts
            self.tokens += tokens
            self.estimated_tokens += estimated
            self.retries += retries
            self.cost += cost
            self.seconds += seconds


@runtime_checkable
class Remote(Protocol):
    """An embedder that another process runs, which may be slow, busy or away; `isinstance` tells."""

    at_once: int
    """texts that are worth a request"""
    outdated: bool
    """another model answers than the one it was opened for: open it anew"""

    def documents_within(self, texts: Sequence[str], seconds: float) -> Embeddings:
        """As `TextEmbedder.documents`, once and in a short time: Stalled where that is not enough."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An embedder that counts what it takes; `isinstance` tells."""

    usage: Usage
