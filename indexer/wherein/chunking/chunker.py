"""Cuts a file into chunks, in its language's way."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.parsing import bounded, here
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.languages.registry import Language

CHUNKER_VERSION = "13"
"""Part of an index's header; change it whenever the chunks of any file change."""

HEAD_CHARACTERS = 8_000
"""How much of a text is read to recognise its language."""

_GENERAL = "lines"
"""The chunker of any text; others belong to formats and stand in `formats`, "definitions" parses."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A file's chunks, in order; together they cover each line once. An empty text has none."""

    chunks: list[Chunk]
    gave_up: bool = False
    """whether its parser took too much time or memory, and it was cut without it"""


def chunk(path: str, text: str, language: Language | None = None) -> list[Chunk]:
    """The chunks of a file's text (see `Cut`)."""
    return cut(path, text, language).chunks


def cut(path: str, text: str, language: Language | None = None) -> Cut:
    r"""Cut a file's text, whose lines end with `\n` (see `decode`). Never raises, whatever the input."""
    from wherein.languages.registry import detect  # 8 ms that who only asks for the version need not pay

    language = language or detect(path, text[:HEAD_CHARACTERS])
    if language.chunker != "definitions":
        return Cut(_as(language.chunker, text, language))
    try:
        return Cut(_at_definitions(text, language))
    except bounded.GaveUp:
        return Cut(_without_a_parser(text, language), gave_up=True)


def _at_definitions(text: str, language: Language) -> list[Chunk]:
    """Cut by a grammar: in this process if that may end, otherwise in another one. Raises GaveUp."""
    if not here.fits(text):
        return [Chunk(*fields) for fields in bounded.ask("definitions", language.name, text)]
    from wherein.chunking import definitions

    _ = language.query  # loading it is not the text's fault
    return here.parse(text, lambda text: definitions.chunk(text, language))


def _without_a_parser(text: str, language: Language) -> list[Chunk]:
    """Cut by how definitions begin, if the language says so."""
    if not language.patterns and language.second_reader is not None and language.second_reader.heads:
        from wherein.chunking import definitions

        return definitions.chunk(text, language, parsed=False)
    return _as("patterns" if language.patterns else _GENERAL, text, language)


def _as(chunker: str, text: str, language: Language) -> list[Chunk]:
    folder = "wherein.chunking" if chunker == _GENERAL else "wherein.chunking.formats"
    chunks: list[Chunk] = import_module(f"{folder}.{chunker}").chunk(text, language)
    return chunks
