"""Calls between definitions."""

from collections.abc import Sequence

from wherein.hit import Hit
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """The definition at the other end of a call: the one that is called, or the one that calls."""

    hit: Hit
    """its score is the evidence that this definition is meant: from 5, for a method of the caller's own object, down to
    1, for the only definition of that name"""
    name: str
    """as it is written in the call"""
    line: int
    """of the call, from 1, in the caller's file"""
    through: str = ""
    """for a possible caller: the method that it names, of an interface or a parent class, which may mean this one at
    run time"""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one definition: all that it makes, or all that are made to it."""

    definition: Hit
    calls: Sequence[Call]
    unread: int = 0
    """files that mention its name but were not looked at, because there were too many"""
    told: bool = True
    """false for a language whose calls are not known"""
    elsewhere: tuple[str, ...] = ()
    """if there are no callers: `path:line` of what calls of the name are taken for instead, such as the method of an
    interface that the definition implements"""
