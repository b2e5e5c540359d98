"""An answer of `/v1/embeddings` → vectors."""

import json
from collections.abc import Sequence

import numpy as np

from wherein.embedding.endpoint.purpose import EMBEDDINGS
from wherein.endpoint.failures import NotUnderstood, failure, what_it_says
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings

MOST_DIMENSIONS = 16_384
"""No model has more; what claims so is no vector."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for some texts."""

    vectors: Embeddings
    """shape (texts, what the server gives); all finite, no row of zeros"""
    tokens: int | None
    """where the server tells"""


def read_answer(data: bytes, texts: int, url: str) -> Answer:
    """The vectors of so many texts. Raises EndpointUnreachable if it is not just these."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise _not_understood(url, "its answer is not JSON") from None
    if not isinstance(document, dict) or not isinstance(rows := document.get("data"), list):
        if isinstance(document, dict) and (document.get("error") or document.get("detail")):
            raise failure(url, 200, what_it_says(data[:100_000].decode("utf-8", "replace")), EMBEDDINGS)
        raise _not_understood(url, "its answer has no vectors")
    if len(rows) != texts:
        raise NotUnderstood(
            f"The embedding server at {url} returned {len(rows):,} vectors for {texts:,} texts."
        )
    vectors = _in_order(rows, url)
    usage = document.get("usage")
    told = usage.get("prompt_tokens", usage.get("total_tokens")) if isinstance(usage, dict) else None
    tokens = told if isinstance(told, int) and not isinstance(told, bool) and told > 0 else None
    return Answer(vectors, tokens)


def _in_order(rows: Sequence[object], url: str) -> Embeddings:
    """One array, each row at the place of its text."""
    places = [row.get("index") if isinstance(row, dict) else None for row in rows]
    if any(place is not None for place in places):
        if sorted(place for place in places if type(place) is int) != list(range(len(rows))):
            raise _not_understood(url, "its vectors are numbered differently from the texts")
        rows = [row for _, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0] or 0)]
    lists = [row.get("embedding") if isinstance(row, dict) else None for row in rows]
    sizes = {len(each) if isinstance(each, list) else 0 for each in lists}
    if len(sizes) != 1 or not 0 < max(sizes) <= MOST_DIMENSIONS:
        raise _not_understood(url, "its vectors are empty or differ in length")
    try:
        with np.errstate(over="ignore"):  # it is infinite then, and told below
            vectors: Embeddings = np.array(lists, np.float32)
    except (TypeError, ValueError, OverflowError):
        raise _not_understood(url, "its vectors are not made of numbers") from None
    if vectors.ndim != 2:
        raise _not_understood(url, "its vectors are not made of numbers")
    if not np.isfinite(vectors).all():
        raise _not_understood(url, "its vectors hold numbers that are not finite")
    if not vectors.any(axis=1).all():
        raise _not_understood(url, "one of its vectors is all zeros")
    return vectors


def _not_understood(url: str, why: str) -> NotUnderstood:
    return NotUnderstood(
        f"The embedding server at {url} gave an answer that makes no sense: {why}.",
        remedy="check that the model is an embedding model, and that deep_endpoint ends with /v1",
    )
