"""How much one client may ask: a bucket of tokens each, for a limited number of clients."""

import time
from collections import OrderedDict
from collections.abc import Callable

RATE, BURST = 20.0, 150.0
"""Requests a second, and at once. Who types fast asks eight times a second, and opens a file with three requests."""

PAGE_RATE, PAGE_BURST = 200.0, 2_000.0
"""The same for the page's own files, which lie in memory: to open it takes 22 of them, and all of an office may come
from one address."""

MODEL_RATE, MODEL_BURST = 0.2, 5.0
"""The same for what a language model is asked: it takes seconds of its server."""

LOGIN_RATE, LOGIN_BURST = 0.5, 10.0
"""The same for requests that bring a wrong token."""

MOST_CLIENTS = 10_000


class Rates:
    """Used in one thread."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Seconds that a client has to wait before its request is taken; 0: it is."""
        now = self._clock()
        left, before = self._left.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - before) * self._rate)
        taken = left >= 1
        self._left[client] = (left - 1 if taken else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if taken else (1 - left) / self._rate
