"""Who calls whom."""

from dataclasses import dataclass

from wherein.hit import Hit


@dataclass(frozen=True, slots=True)
class Call:
    """A definition at the other end of a call: the one that is called, or the one that calls."""

    hit: Hit
    """its score is the evidence that this definition is meant: from 5 for a method of the caller's own object down to 1
    for the only definition of that name"""
    name: str
    """as it stands in the call"""
    line: int
    """where the call stands, from 1, in the caller's file"""
