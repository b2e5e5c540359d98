"""Who calls whom."""

from collections.abc import Sequence

from wherein.hit import Hit
from wherein.quick_dataclass import dataclass


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
    through: str = ""
    """of a caller that may mean this one at run time: the method that it names, of an interface or a parent class"""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one definition: all that it makes, or all that are made to it."""

    definition: Hit
    calls: Sequence[Call]
    unread: int = 0
    """files that mention its name and were not looked at: there were too many"""
    told: bool = True
    """false for a language whose calls are not known"""
    elsewhere: tuple[str, ...] = ()
    """of callers, where there is none: `path:line` of what calls of the name are taken for instead, such as the method
    of an interface that the definition implements"""
