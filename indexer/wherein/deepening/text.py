"""The text of a chunk that the deep tier embeds."""

from wherein import tokens
from wherein.indexing.parts import PATH_WORDS, UNSEARCHED_KINDS
from wherein.store.protocol import Candidate

LONGEST = 6_000
"""Characters. Windows of embedding models hold 500 to 2,000 of code, and cut the rest off by themselves; those that
hold more see no more in it."""


def deep_text(chunk: Candidate, text: str) -> str:
    """A label line (the last words of its path, what it is called) and the chunk as it is stored, which is without
    secrets; empty for what is shown and never searched."""
    if chunk.kind in UNSEARCHED_KINDS or not text.strip():
        return ""
    place = " ".join(tokens.words(chunk.path)[-PATH_WORDS:])
    label = f"{place} {chunk.qualified_name or chunk.kind}"
    return f"{label}\n{text}"[:LONGEST]
