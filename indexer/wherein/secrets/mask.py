"""A text without its secrets."""

from wherein.secrets.find import find

MASK = "*"
"""Replaces each character, so that lines and columns stay the same; not a term, and no syntax that matters to a parser
within a string."""


def mask(text: str, language: str = "") -> str:
    """The text, in the named language, with each secret's characters replaced: the same length and the same lines."""
    secrets = find(text, language)
    if not secrets:
        return text
    pieces: list[str] = []
    done = 0
    for start, end, _ in secrets:
        pieces += text[done:start], MASK * (end - start)
        done = end
    return "".join([*pieces, text[done:]])
