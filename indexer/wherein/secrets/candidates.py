"""Where in a text a secret could stand: a cheap look at all of it, so that patterns are tried at few places."""

import numpy as np

_OUTSIDE, _INSIDE, _DIGIT = 0, 1, 2
_KINDS = np.full(256, _OUTSIDE, dtype=np.uint8)
_KINDS[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-")] = _INSIDE
_KINDS[list(b"0123456789")] = _DIGIT


def long_runs(data: bytes, shortest: int) -> list[tuple[int, int, bool]]:
    """Start and end of every run of at least `shortest` letters, digits, `_` and `-`, and whether a digit is in it."""
    kinds = _KINDS[np.frombuffer(data, dtype=np.uint8)]
    outside = np.flatnonzero(kinds == _OUTSIDE)
    bounds = np.concatenate(([-1], outside, [len(data)]))
    long = np.flatnonzero(bounds[1:] - bounds[:-1] > shortest)
    starts, ends = bounds[long] + 1, bounds[long + 1]
    digits = np.flatnonzero(kinds == _DIGIT)
    having = np.searchsorted(digits, ends) > np.searchsorted(digits, starts)
    return list(zip(starts.tolist(), ends.tolist(), having.tolist(), strict=True))


def occurrences(data: bytes, word: bytes) -> list[int]:
    """Where a word begins, each time it does."""
    found = []
    at = data.find(word)
    while at >= 0:
        found.append(at)
        at = data.find(word, at + len(word))
    return found
