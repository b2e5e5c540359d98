"""Private keys, wherever they are in a text: in armour (PEM, OpenSSH, PGP), and in JSON."""

import re
from collections.abc import Iterator

LONGEST = 40_000
"""Bytes of a key in its armour; an RSA key of 16,384 bits takes 13,000."""

_BEGIN = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:"
)
_EDGE = re.compile(rb"-----(?:BEGIN|END) |Private-MAC:|PuTTY-User")
_LINE = re.compile(rb"[A-Za-z0-9+/=]{16,}")
_LAST = re.compile(rb"[A-Za-z0-9+/=]{1,64}(?=[^A-Za-z0-9+/=]{0,20}$)")
LEAST_LINE = 40
"""Bytes in the longest line of a key's body. Code that speaks of armour has no such words."""


_WEB_KEY = re.compile(
    rb"""\\?["'](?:d|p|q|dp|dq|qi|k)\\?["']\s{0,5}:\s{0,5}\\?["']([A-Za-z0-9_-]{20,4000})\\?["']"""
)


def private_web_keys(data: bytes) -> Iterator[tuple[int, int]]:
    """The secret members of JSON web keys."""
    return (found.span(1) for found in _WEB_KEY.finditer(data))


def private_keys(data: bytes) -> Iterator[tuple[int, int]]:
    """The pieces of each key's body, without its armour."""
    for begin in _BEGIN.finditer(data):
        limit = min(begin.end() + LONGEST, len(data))
        end = _EDGE.search(data, begin.end(), limit)
        stop = end.start() if end else limit
        pieces = [found.span() for found in _LINE.finditer(data, begin.end(), stop)]
        if max((last - first for first, last in pieces), default=0) < LEAST_LINE:
            continue
        tail = _LAST.search(data, pieces[-1][1], stop) if end else None
        yield from pieces
        if tail:
            yield tail.span()
