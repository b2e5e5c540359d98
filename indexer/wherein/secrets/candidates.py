"""Where in a text a secret could stand: a cheap look at all of it, so that patterns are tried at few places."""

import re
from functools import cache

_INSIDE, _OUTSIDE = b"x", b" "
_KINDS = bytes(
    ord(_INSIDE if chr(byte).isalnum() or byte in b"_-" else _OUTSIDE) for byte in range(128)
).ljust(256, _OUTSIDE)


def long_runs(data: bytes, shortest: int) -> list[tuple[int, int]]:
    """Start and end of every run of at least `shortest` letters, digits, `_` and `-`."""
    return [found.span() for found in _long(shortest).finditer(data.translate(_KINDS))]


@cache
def _long(shortest: int) -> re.Pattern[bytes]:
    """Of one literal, which the engine looks for without trying each place."""
    return re.compile(_INSIDE * shortest + _INSIDE + b"*")


def occurrences(data: bytes, word: bytes) -> list[int]:
    """Where a word begins, each time it does."""
    found = []
    at = data.find(word)
    while at >= 0:
        found.append(at)
        at = data.find(word, at + len(word))
    return found
