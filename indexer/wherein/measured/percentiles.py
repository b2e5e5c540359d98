"""How the durations of single records are distributed."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wherein.measured.tally import number
from wherein.quick_dataclass import dataclass

_ROUNDING = 1e-9
"""`0.55 * 100` is a little more than 55."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds."""

    p50: float
    p95: float
    p99: float
    longest: float


def spread(seconds: Sequence[float]) -> Spread:
    """Of one duration or more."""
    ordered = sorted(seconds)
    p50, p95, p99 = (nearest_rank(ordered, share) for share in (0.5, 0.95, 0.99))
    return Spread(p50, p95, p99, ordered[-1])


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """The least of one value or more, in order, that `share` of them do not exceed: always one that was met."""
    return ordered[max(0, math.ceil(share * len(ordered) - _ROUNDING) - 1)]


def spreads(notes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Spread]:
    """By what was asked and through which program; failures are left out, they tell of something else."""
    seconds: dict[tuple[str, str], list[float]] = {}
    for note in notes:
        if "error" not in note and not note.get("cached"):
            key = str(note.get("what")), str(note.get("by"))
            seconds.setdefault(key, []).append(number(note.get("seconds")))
    return {key: spread(each) for key, each in seconds.items()}
