"""How the durations of single notes are spread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wherein.measured.tally import number


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds."""

    p50: float
    p95: float
    p99: float
    longest: float


def spread(seconds: Sequence[float]) -> Spread:
    """Of one duration or more: each percentile is a duration that was met, the nearest rank."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]

    return Spread(at(0.5), at(0.95), at(0.99), ordered[-1])


def spreads(notes: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Spread]:
    """By what was asked and through which program; failures are left out, they tell of something else."""
    seconds: dict[tuple[str, str], list[float]] = {}
    for note in notes:
        if "error" not in note and not note.get("cached"):
            key = str(note.get("what")), str(note.get("by"))
            seconds.setdefault(key, []).append(number(note.get("seconds")))
    return {key: spread(each) for key, each in seconds.items()}
