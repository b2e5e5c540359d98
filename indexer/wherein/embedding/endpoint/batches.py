"""Texts → batches, one for each request."""

from collections.abc import Iterator, Sequence

MOST_TEXTS = 64
"""In a request. A server with a GPU is filled by as many; what fails has to be sent again."""

MOST_CHARACTERS = 64_000
"""In a request, unless one text alone has more: half a minute's work for a model of a hundred million parameters on
two cores."""


def batches(
    lengths: Sequence[int], most_texts: int = MOST_TEXTS, most_characters: int = MOST_CHARACTERS
) -> Iterator[slice]:
    """Which texts of these lengths, in characters, go together; every text in one."""
    start = size = 0
    for place, length in enumerate(lengths):
        if place > start and (place - start >= most_texts or size + length > most_characters):
            yield slice(start, place)
            start, size = place, 0
        size += length
    if start < len(lengths):
        yield slice(start, len(lengths))
