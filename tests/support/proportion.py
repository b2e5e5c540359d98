"""Twice the text takes no more than twice the time: of processor time, and roughly."""

import time
from collections.abc import Callable

SMALL, LARGE = 20_000, 160_000
"""Characters."""

MOST_RATIO, MOST_MORE, MOST_SECONDS = 12, 0.1, 2.0
"""A large text may take so many times what a small one does and so many seconds more, and so many in all."""


def assert_in_proportion(work: Callable[[str], object], piece: str) -> None:
    """Of a piece, repeated. Of half a large text it is told whether the square of its length could take too long; only
    then is it worked on in full."""

    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        work(text)
        return time.process_time() - began

    small = min(seconds(SMALL) for _ in range(2))
    most = min(MOST_RATIO * small + MOST_MORE, MOST_SECONDS)
    if 4 * seconds(LARGE // 2) >= most:
        assert seconds(LARGE) < most
