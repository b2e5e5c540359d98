"""Cuts a file into chunks, in the way that its language says."""

from __future__ import annotations

from importlib import import_module

from wherein.chunking.chunk import Chunk
from wherein.languages.registry import Language, detect

CHUNKER_VERSION = "2"
"""Goes into the header of an index; changes whenever the chunks of any file would."""

HEAD_CHARACTERS = 8_000
"""How much of a text is looked at to tell its language."""

_GENERAL = frozenset({"definitions", "lines"})
"""Chunkers that serve many languages; the others belong to one format and stand in `formats`."""


def chunk(path: str, text: str, language: Language | None = None) -> list[Chunk]:
    """The chunks of a file's text, in order; together they cover each line once. An empty text has none.

    The text's lines end with `\\n` (see `decode`). No input raises.
    """
    language = language or detect(path, text[:HEAD_CHARACTERS])
    folder = "wherein.chunking" if language.chunker in _GENERAL else "wherein.chunking.formats"
    module = import_module(f"{folder}.{language.chunker}")
    chunks: list[Chunk] = module.chunk(text, language)
    return chunks
