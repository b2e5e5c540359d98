"""Where in a text a secret could be: a cheap look at all of it, so that patterns are tried in few places."""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

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


class Words:
    """Words of which most texts hold few. Of each it is told whether all its runs of three bytes stand in a text: for
    99 words that takes a tenth of the time of looking for each, and leaves eleven."""

    def __init__(self, words: Iterable[bytes]) -> None:
        distinct = dict.fromkeys(words)
        self._short = [word for word in distinct if len(word) < _THREE]
        self._words = [word for word in distinct if len(word) >= _THREE]
        threes = [_threes(word) for word in self._words]
        self._threes = np.concatenate(threes)
        self._begins = np.cumsum([0, *map(len, threes[:-1])])

    def maybe_in(self, data: bytes) -> set[bytes]:
        """Those that a text may hold: all that it does, and few more."""
        there = np.zeros(1 << 16, np.bool_)
        for start in range(0, len(data), _AT_ONCE):
            there[_threes(data[start : start + _AT_ONCE + _THREE - 1])] = True
        held = np.logical_and.reduceat(there[self._threes], self._begins).tolist()
        return {*self._short, *(word for word, is_held in zip(self._words, held, strict=True) if is_held)}


_THREE = 3
_AT_ONCE = 1 << 16
"""Bytes, which stay in the processor's cache with what is made of them."""


def _threes(data: bytes) -> NDArray[np.uint16]:
    """A number for each three bytes that follow one another; some of these share theirs with others."""
    letters = np.frombuffer(data, np.uint8).astype(np.uint16)
    numbers: NDArray[np.uint16] = letters[:-2] * 961 + letters[1:-1] * 31 + letters[2:]
    return numbers
