"""Records added up: how many, how long, and the sums of what they contain."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from wherein.quick_dataclass import dataclass

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
"""Upper bounds in seconds, in which durations are counted for Prometheus."""

SUMMED = (
    "hits",
    "files",
    "embedded",
    "described",
    "chunks",
    "prompt_tokens",
    "completion_tokens",
    "tokens",
    "second_looks",
    "cost",
)
"""Numbers of a note that are added up."""

LONGEST = 1e7
"""Seconds, or whatever else is counted, that a note may tell; what a damaged line says is not believed."""


@dataclass(slots=True)
class Tally:
    """What one kind of notes, by one kind of program, comes to."""

    count: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    """how many took at most as long as each bound of BUCKETS and longer than the one before; the last: longer"""
    empty: int = 0
    """found nothing"""
    failed: int = 0
    cached: int = 0
    sums: dict[str, float] = field(default_factory=dict)

    def add(self, note: Mapping[str, Any]) -> None:
        """Count one note in."""
        seconds = number(note.get("seconds"))
        self.count += 1
        self.seconds += seconds
        self.buckets[bisect_left(BUCKETS, seconds)] += 1
        self.failed += "error" in note
        self.cached += bool(note.get("cached"))
        self.empty += "error" not in note and note.get("hits") == 0
        for name in SUMMED:
            if name in note:
                self.sums[name] = self.sums.get(name, 0) + number(note[name])


@dataclass(slots=True)
class Tallies:
    """By what was asked, and through which program."""

    of: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def add_all(self, notes: Iterable[Mapping[str, Any]]) -> None:
        """Count all of them in."""
        for note in notes:
            what, by = note.get("what"), note.get("by")
            if isinstance(what, str) and isinstance(by, str) and what.isidentifier() and by.isidentifier():
                self.of.setdefault((what, by), Tally()).add(note)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            f"{what} {by}": {
                "count": each.count,
                "seconds": each.seconds,
                "buckets": each.buckets,
                "empty": each.empty,
                "failed": each.failed,
                "cached": each.cached,
                "sums": each.sums,
            }
            for (what, by), each in self.of.items()
        }

    @classmethod
    def of_data(cls, data: object) -> "Tallies":
        """From JSON; ValueError for what is none of ours."""
        made = cls()
        try:
            for key, each in dict(data).items():  # type: ignore[call-overload]
                what, by = key.split(" ")
                buckets = [int(n) for n in each["buckets"]]
                if len(buckets) != len(BUCKETS) + 1:
                    raise ValueError("other buckets")
                made.of[what, by] = Tally(
                    count=int(each["count"]),
                    seconds=float(each["seconds"]),
                    buckets=buckets,
                    empty=int(each["empty"]),
                    failed=int(each["failed"]),
                    cached=int(each["cached"]),
                    sums={str(name): float(value) for name, value in each["sums"].items()},
                )
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("no tallies") from error
        return made


def number(value: object) -> float:
    """A number that can be counted; 0 for anything else."""
    if isinstance(value, int | float) and 0 <= value <= LONGEST:
        return float(value)
    return 0.0
