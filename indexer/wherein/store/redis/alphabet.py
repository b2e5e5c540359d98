"""The only characters that reach the server's query syntax: letters and digits of ASCII, and in terms `_`.

What means something in a query (operators, blanks, quotes) or is treated by the server in ways of its own (case,
punctuation, line ends, long words) is written otherwise, in the index as in the query.
"""

import re
from hashlib import blake2b

LONGEST_TERM = 100
"""Bytes; the server cuts words at 128."""

LONGEST_TAG = 1_000
"""Bytes; the server silently does not find tags of more than 4,096."""

_PLAIN_TERM = re.compile(r"[a-z0-9]+", re.ASCII)
_PLAIN_TAG = re.compile(r"[a-z0-9]*", re.ASCII)
_OTHER_BYTE = re.compile(rb"[^a-z0-9]")
_SHORT = {b".": b"D", b"_": b"U"}
_ESCAPE = re.compile(rb"X([0-9A-F]{2})|[DU]")


def term(text: str) -> str:
    """A term of our tokenizer as the server keeps it: as it is, or a hash where that would not be safe."""
    if _PLAIN_TERM.fullmatch(text) and len(text) <= LONGEST_TERM:
        return text
    return "_" + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def stream(text: str) -> str:
    """A stream of terms joined by blanks, each as `term` gives it."""
    if text.isascii() and len(text) <= LONGEST_TERM and text.replace(" ", "").isalnum() and text.islower():
        return text
    return " ".join([term(word) for word in text.split(" ") if word])


def tag(text: str) -> str:
    """A value of a TAG field. What begins with a text has a tag that begins with the text's.

    Capitals mark what was written otherwise: `D` is a dot, `U` is `_`, `X2F` the byte 2F. The first letter is `N`, so
    that none looks like a number.
    """
    if _PLAIN_TAG.fullmatch(text) and len(text) <= LONGEST_TAG:
        return "N" + text
    raw = text.encode("utf-8", "replace")
    if len(raw) > LONGEST_TAG:
        return "H" + blake2b(raw, digest_size=16).hexdigest()
    return "N" + _OTHER_BYTE.sub(_escaped, raw).decode("ascii")


def length(tagged: bytes) -> int:
    """How many characters the text has that a tag was made of."""
    raw = _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()) if match[1] else b".", tagged[1:])
    return len(raw.decode("utf-8", "replace"))


def _escaped(match: re.Match[bytes]) -> bytes:
    byte = match[0]
    return _SHORT.get(byte) or b"X%02X" % byte[0]
