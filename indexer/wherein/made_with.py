"""What an index is made with: everything that decides what is stored, and how."""

import zlib
from functools import cache

from wherein import tokens
from wherein.chunking import chunker
from wherein.languages import parsers
from wherein.secrets.version import masking_version
from wherein.store.header import SCHEMA
from wherein.store.protocol import Header


def header(model: str, dimension: int) -> Header:
    """The header of an index that this process would write, and can read.

    Grammars in other versions than this release was tried with are no part of it: they concern the files of one
    language, and only who writes (`indexing/tags.py`).
    """
    return Header(
        schema=SCHEMA,
        chunker=f"{chunker.CHUNKER_VERSION} (parsers {_parsers()}, masking {masking_version()})",
        tokenizer=f"{tokens.TOKENIZER_VERSION} (Snowball {tokens.STEMMER_VERSION})",
        model=model,
        dimension=dimension,
    )


@cache
def _parsers() -> str:
    """Stands for the table of what chunks are cut with where nothing else is said."""
    table = sorted(parsers.expected().items())
    return f"{zlib.crc32(repr(table).encode()):08x}"
