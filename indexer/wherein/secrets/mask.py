"""A text without its secrets."""

from wherein.secrets.find import find

MASK = "*"
"""Stands for each character, so that lines and columns stay what they are; no term, and no syntax that a parser minds
within a string."""


def mask(text: str, language: str = "") -> str:
    """The text, of a language's name, with each secret's characters replaced, of the same length and the same lines."""
    secrets = find(text, language)
    if not secrets:
        return text
    pieces: list[str] = []
    done = 0
    for start, end, _ in secrets:
        pieces += text[done:start], MASK * (end - start)
        done = end
    return "".join([*pieces, text[done:]])
