"""Sentences of a language model about definitions, as stores keep them: in the deep tier, as rows of fixed width.

A row stands where another model has a vector: by content, linked to chunks, shared, collected. It holds the sentence,
who wrote it, and hashes of the terms by which it is found.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wherein import tokens
from wherein.profile import term_hash

DESCRIBED = f"described:{tokens.TOKENIZER_VERSION}.{tokens.STEMMER_VERSION}"
"""What stands for a model's id. The rows of another tokenizer are not found by the terms of this one."""

LONGEST_SENTENCE, LONGEST_MODEL = 240, 72
"""Bytes of UTF-8."""

MOST_TERMS = 32
"""Distinct ones: the longest sentence has some 30 that are worth it."""

_TEXT_BYTES = 320
WIDTH = _TEXT_BYTES + 4 * MOST_TERMS
"""Bytes of a row."""

_END = "…"


class Description(NamedTuple):
    """What a model wrote about a definition."""

    sentence: str
    """one line without control characters, at most LONGEST_SENTENCE bytes: a stranger's words all the same"""
    model: str
    """who wrote it"""
    terms: frozenset[int]
    """hashes of its terms (`profile.term_hash`)"""


def packed(sentence: str, model: str) -> NDArray[np.int8]:
    """A row, of shape (WIDTH,). Both texts lie on one line and hold no NUL (`one_line`)."""
    row = np.zeros(WIDTH, np.uint8)
    text = f"{cut(sentence, LONGEST_SENTENCE)}\0{cut(model, LONGEST_MODEL)}".encode()
    row[: len(text)] = np.frombuffer(text, np.uint8)
    terms = list(dict.fromkeys(map(term_hash, tokens.terms(sentence))))[:MOST_TERMS]
    row[_TEXT_BYTES:].view("<u4")[: len(terms)] = terms
    return row.view(np.int8)


def nothing() -> NDArray[np.int8]:
    """The row of what needs no description."""
    return np.zeros(WIDTH, np.int8)


def unpacked(row: bytes) -> Description | None:
    """What a row holds; None for nothing."""
    if len(row) != WIDTH:
        return None
    text = row[:_TEXT_BYTES].decode("utf-8", "replace")
    sentence, _, model = text.partition("\0")
    if not sentence:
        return None
    terms = np.frombuffer(row, "<u4", MOST_TERMS, _TEXT_BYTES).tolist()
    return Description(sentence, model.rstrip("\0"), frozenset(terms) - {0})


def matched(rows: NDArray[np.int8], terms: Iterable[str]) -> NDArray[np.float32]:
    """How much of the terms each of n rows has, the rare ones counting more: shape (n,), 0 for none. 20,000 rows take
    .6 ms a term."""
    scores = np.zeros(len(rows), np.float32)
    if not len(rows) or rows.shape[1] != WIDTH:
        return scores
    hashes = np.ascontiguousarray(rows[:, _TEXT_BYTES:]).view("<u4")
    for wanted in set(map(term_hash, terms)):
        has = (hashes == wanted).any(axis=1)
        if count := int(has.sum()):
            scores[has] += math.log1p(len(rows) / count)
    return scores


def held(rows: Sequence[bytes], terms: Sequence[str]) -> NDArray[np.bool_]:
    """Which of t terms each of n rows has, an empty row none: shape (n, t)."""
    hashes = np.array(list(map(term_hash, terms)), np.uint32)
    of = [row[_TEXT_BYTES:] if len(row) == WIDTH else b"".ljust(4 * MOST_TERMS, b"\0") for row in rows]
    own = np.frombuffer(b"".join(of), "<u4").reshape(len(rows), MOST_TERMS)
    return (
        np.stack([(own == each).any(axis=1) for each in hashes], axis=1)
        if terms
        else np.zeros((len(rows), 0), bool)
    )


def of_rows(rows: Sequence[bytes]) -> list[Description]:
    """What rows hold, without those that hold nothing."""
    return [each for row in rows if (each := unpacked(row)) is not None]


def one_line(text: str) -> str:
    """A stranger's text on one line, without control characters or what steers how others are shown."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())


def cut(text: str, size: int) -> str:
    """The beginning of a text that takes at most `size` bytes of UTF-8, ending with a sign where it is cut."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= size:
        return raw.decode()
    return raw[: size - len(_END.encode())].decode("utf-8", "ignore").rstrip() + _END
