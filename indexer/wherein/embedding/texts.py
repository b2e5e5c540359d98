"""What the deep tier knows of an embedding model: whole texts in, vectors out."""

from collections.abc import Sequence
from dataclasses import field
from threading import Lock
from typing import Protocol, runtime_checkable

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings


def whole_characters(text: str) -> str:
    """A text without halves of characters, as in a question from a terminal with another encoding: these are not UTF-8,
    and neither a server nor a tokenizer accepts them."""
    return text.encode("utf-8", "replace").decode()


class TextEmbedder(Protocol):
    """Maps texts to vectors; the cosine of two says how similar in meaning the texts are. Any thread may call it."""

    model_id: str
    """kind, name, revision, dimension and prefixes: vectors of different ids are never compared"""
    dimension: int

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts that will be searched. What does not fit into the model's window is left out.

        Returns shape (len(texts), dimension): rows of length 1, or all zero for a text of blanks. Raises WhereinError
        if the model cannot be asked; then none of the texts counts as embedded, so pass only as many as may be lost.
        """
        ...

    def query(self, text: str) -> Embeddings:
        """Embed a question; shape (1, dimension). Raises WhereinError, and soon, because somebody is waiting."""
        ...


@dataclass(slots=True)
class Usage:
    """What a model has used so far, since it was opened."""

    requests: int = 0
    texts: int = 0
    tokens: int = 0
    """as the server counts them, or estimated if it does not say"""
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
        """Add more, from any thread."""
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
    """An embedder in another process, which may be slow, busy or away; `isinstance` recognises it."""

    at_once: int
    """texts that are worth a request"""
    outdated: bool
    """whether another model answers than the one it was opened for: open it again"""

    def documents_within(self, texts: Sequence[str], seconds: float) -> Embeddings:
        """As `TextEmbedder.documents`, once and within a short time. Raises Stalled if that is not enough."""
        ...


@runtime_checkable
class Metered(Protocol):
    """An embedder that counts what it uses; `isinstance` recognises it."""

    usage: Usage
