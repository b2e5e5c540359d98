"""What forges are answered, and how much they may send."""

from typing import NamedTuple

MOST_BYTES = 25_000_000
"""Of a body: GitHub's own bound."""


class Answer(NamedTuple):
    """What the forge is told."""

    status: int
    answer: str
    """one of metrics.ANSWERS"""
    detail: str = ""
