"""A writer's pace: if the server answers slowly, others are asking it too, and are let through first."""

import time

SLOW = 3.0
"""An answer is slow if it takes this many times as long as the fastest one. Beside a writer that never rests, searches
took 28 ms (p95) with this and 38 without, for a twentieth of the ingest rate if nobody searches; 2 was no better for
them and cost up to half of the rate."""

LONGEST_REST = 0.02
"""Seconds."""


class Pace:
    """Rests after slow answers, for as long as they took longer than the fastest one."""

    def __init__(self) -> None:
        self._fastest = float("inf")
        self._asked = 0.0

    def __enter__(self) -> None:
        self._asked = time.perf_counter()

    def __exit__(self, *exc: object) -> None:
        took = time.perf_counter() - self._asked
        self._fastest = min(self._fastest, took)
        if took > SLOW * self._fastest:
            time.sleep(min(took - self._fastest, LONGEST_REST))
