"""The only characters that reach the server's query syntax: ASCII letters and digits, and `_` in terms.

Everything that means something in a query (operators, blanks, quotes) or that the server treats in its own way (case,
punctuation, line ends, long words) is written with other characters, in the index and in queries.
"""

import re
from binascii import b2a_base64
from hashlib import blake2b

from wherein.remembered import Remembered

LONGEST_TERM = 8
"""Letters; of a longer term only a hash of seven is kept, which saves a tenth of what the terms of chunks take."""

LONGEST_TAG = 1_000
"""Bytes; the server silently does not find tags of more than 4,096."""

TERMS_REMEMBERED = 100_000

_PLAIN_TERM = re.compile(rf"[a-z0-9]{{1,{LONGEST_TERM}}}", re.ASCII)
_PLAIN_TAG = re.compile(r"[a-z0-9]*", re.ASCII)
_OTHER_BYTE = re.compile(rb"[^a-z0-9]")
_SHORT = {b".": b"D", b"_": b"U"}
_LETTERS = bytes.maketrans(b"+/", b"AB")

_TERM_BYTES, _NAME_BYTES = 6, 6
"""Of hashes, before they are written in letters: six letters of a term's, which the server takes in lower case only, 31
bits; eight of a name's, 47 bits."""


def _term(text: str) -> str:
    if _PLAIN_TERM.fullmatch(text):
        return text
    return "_" + lettered(text.encode("utf-8", "surrogatepass"), _TERM_BYTES)[:6].lower()


term = Remembered(_term, TERMS_REMEMBERED).__getitem__
"""A term of our tokenizer as the server keeps it: unchanged, or a hash if it is long or not safe."""


def lettered(raw: bytes, size: int) -> str:
    """A hash of `size` bytes, a multiple of three, in letters and digits: four for each three bytes."""
    return (
        b2a_base64(blake2b(raw, digest_size=size).digest(), newline=False).translate(_LETTERS).decode("ascii")
    )


def name(folded: str) -> str:
    """A name that chunks are found by, as a value of a TAG field. The letter before it keeps it from looking like a
    number."""
    return "N" + lettered(folded.encode("utf-8", "surrogatepass"), _NAME_BYTES)


def tag(text: str) -> str:
    """A value of a TAG field with few values.

    Capitals mark what was written otherwise: `D` is a dot, `U` is `_`, `X2F` the byte 2F. The first letter is `N`, so
    that none looks like a number.
    """
    if _PLAIN_TAG.fullmatch(text) and len(text) <= LONGEST_TAG:
        return "N" + text
    raw = text.encode("utf-8", "replace")
    if len(raw) > LONGEST_TAG:
        return "H" + blake2b(raw, digest_size=16).hexdigest()
    return "N" + _OTHER_BYTE.sub(_escaped, raw).decode("ascii")


def _escaped(match: re.Match[bytes]) -> bytes:
    byte = match[0]
    return _SHORT.get(byte) or b"X%02X" % byte[0]
