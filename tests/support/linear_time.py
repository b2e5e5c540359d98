"""Twice the text takes no more than twice the time: of processor time, and roughly."""

import time
from collections.abc import Callable
from typing import TypeVar

MOST_RATIO = 3.0
"""What is linear takes 2 times as long for twice the text, what is quadratic 4 times."""

Made = TypeVar("Made")


def repeated(*pieces: str) -> Callable[[int], str]:
    """Of about as many characters as it is called with."""
    piece = "".join(pieces)
    return lambda size: piece * (size // len(piece))


def assert_linear(
    work: Callable[[Made], object], made: Callable[[int], Made], *, size: int, quick: float
) -> None:
    """Of what is made of a text of so many characters. Work that takes less than `quick` seconds for `size` is
    believed; else the better of two is compared with twice as much, and what then seems too long is measured at its
    best of three."""

    def seconds(given: Made) -> float:
        begun = time.process_time()
        work(given)
        return time.process_time() - begun

    small = made(size)
    once = seconds(small)
    if once < quick:
        return
    large = made(2 * size)
    once, twice = min(once, seconds(small)), seconds(large)
    if twice / once >= MOST_RATIO:
        once = min(seconds(small) for _ in range(3))
        twice = min(twice, seconds(large), seconds(large))
    assert twice < quick or twice / once < MOST_RATIO, (made(60), once, twice)
