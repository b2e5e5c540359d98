"""The lines of a text that hold a word, found without splitting it."""

from collections.abc import Iterator


def lines_holding(word: str, text: str) -> Iterator[tuple[int, int, int]]:
    """For each such line its start and its end, without the line feed, and where the word first stands in it."""
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        yield text.rfind("\n", 0, at) + 1, end, at
        at = text.find(word, end)
