"""The tokenizer: one for indexing and querying, for code and prose.

Text falls into runs of letters, digits and `_`. A run is split where its style says so (`parseHTTPResponse2`,
`parse_http_response_2`): its parts, lower-cased, are its *words*. For lexical search the words are stemmed, and a run
of several words also stands as a whole (`parsehttpresponse2`), so that an exact name weighs more than its parts and
every style of writing it is found by every other.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple

import Stemmer

from wherein.remembered import Remembered

TOKENIZER_VERSION = "1"
"""Goes into the header of an index; changes whenever the terms of any text would."""

STEMMER_VERSION: str = Stemmer.version()
"""Goes there as well: Snowball's English stems `interval` to `interv` in 2, not in 3."""

LONGEST_RUN = 64
"""Characters. Longer runs are data (keys, hashes, base64), not names."""

MOST_PARTS = 12
"""Runs of more parts are hashes and encoded data as well."""

CACHED_RUNS = 200_000
"""Distinct runs remembered; the 32 benchmark repositories together have about 400,000."""

_RUN = re.compile(r"\w+")
_ASCII_BLANKED = bytes(
    byte if chr(byte).isalnum() or byte == ord("_") else ord(" ") for byte in range(128)
).ljust(256)
"""For ASCII text, all but its runs made blank: two thirds of the time that the expression takes."""
_PARTS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ASCII_PLAIN = re.compile(r"[a-z]+\Z|[A-Z]?[a-z]+\Z|[A-Z]+\Z")

_stemmer = Stemmer.Stemmer("english", 0)
_stemming = threading.Lock()


class Tokens(NamedTuple):
    """What a text says, twice: as plain words for embedding and as terms for lexical search."""

    words: list[str]
    """lower-cased identifier parts, in order"""
    terms: list[str]
    """stemmed words, each multi-part run followed by its whole, in order"""


def tokenize(text: str, most_words: int | None = None) -> Tokens:
    """Words and terms of a text; of the words, the first `most_words` where that is given."""
    entries = _entries(text)
    words = chain.from_iterable(map(_words_of, entries))
    return Tokens(list(islice(words, most_words)), list(chain.from_iterable(map(_terms_of, entries))))


def words(text: str) -> list[str]:
    """Lower-cased identifier parts of a text."""
    return list(chain.from_iterable(map(_words_of, _entries(text))))


def terms(text: str) -> list[str]:
    """Terms of a text for lexical search."""
    return list(chain.from_iterable(map(_terms_of, _entries(text))))


def _entries(text: str) -> "list[_Entry]":
    if text.isascii():
        runs = text.encode("ascii").translate(_ASCII_BLANKED).decode("ascii").split()
    else:
        runs = _RUN.findall(text)
    return list(map(_known.__getitem__, runs))


def fold(name: str) -> str:
    """An identifier without its style: `Foo_bar`, `fooBar` and `FOO_BAR` all give `foobar`."""
    if name.isascii():
        return name.replace("_", "").lower()
    return unicodedata.normalize("NFKC", name).replace("_", "").casefold()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of a lower-cased word."""
    with _stemming:
        return str(_stemmer.stemWord(word))


_Entry = tuple[tuple[str, ...], tuple[str, ...]]
_words_of, _terms_of = itemgetter(0), itemgetter(1)


def _analyse(run: str) -> _Entry:
    if len(run) > LONGEST_RUN:
        return (), ()
    parts = _split(run)
    if not parts or len(parts) > MOST_PARTS:
        return (), ()
    stems = [stem(part) for part in parts if len(part) > 1 or len(parts) == 1 or part.isdigit()]
    if len(parts) > 1:
        stems.append("".join(c for c in fold(run) if c.isalnum()))
    return tuple(parts), tuple(stems)


_known: Remembered[str, _Entry] = Remembered(_analyse, CACHED_RUNS)


def _split(run: str) -> list[str]:
    if run.isascii():
        if _ASCII_PLAIN.match(run):
            return [run.lower()]
        return [part.lower() for part in _PARTS.findall(run)]
    parts: list[str] = []
    for piece in unicodedata.normalize("NFKC", run).split("_"):
        parts += _split_unicode(piece)
    return parts


def _split_unicode(piece: str) -> list[str]:
    """Case and digit boundaries of any script; scripts without case (CJK) give overlapping pairs of characters."""
    parts: list[str] = []
    start = 0
    for i in range(1, len(piece) + 1):
        if i == len(piece) or _boundary(piece, i):
            part = piece[start:i]
            start = i
            if _caseless(part) and len(part) > 2:
                parts += (part[j : j + 2] for j in range(len(part) - 1))
            else:
                parts.append("".join(c for c in part.casefold() if c.isalnum()))
    return [part for part in parts if part]


def _boundary(text: str, i: int) -> bool:
    before, here = text[i - 1], text[i]
    if before.isdigit() != here.isdigit() or _caseless(before) != _caseless(here):
        return True
    if here.isupper():
        return before.islower() or (before.isupper() and text[i + 1 : i + 2].islower())
    return False


def _caseless(text: str) -> bool:
    return all(ord(c) >= 0x2E80 and c.isalpha() and not c.isupper() and not c.islower() for c in text)
