"""Parsing in the asking process, if that may end: a worker of an update.

A text a pipe away costs as much as parsing half of it. So a worker parses by itself, under the limits of the process
that otherwise does; what takes more ends the worker, and whoever began it begins another one, which has those texts
parsed by another process (`bounded`). Texts that are long go there at once: what they leave behind in memory is gone.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from wherein.parsing import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

POSSIBLE = sys.platform == "linux"
"""Whether the system ends a process that takes more memory than it may, and says how much it has."""

LONGEST = 300_000
"""Characters. Of a benchmark's 6,800 files none is longer; parsing one takes at most 60 MB."""

ENDED = 3
"""The exit status of a process without memory for a text."""

_room = 0
"""Bytes of address space up to which this process may grow for a text; 0 while it parses nothing."""


@contextlib.contextmanager
def parsing(*, allowed: bool) -> Iterator[None]:
    """Within, this process may end for a text."""
    global _room
    _room = limits.address_space() + limits.MOST_MEMORY if allowed and POSSIBLE else 0
    try:
        yield
    finally:
        _room = 0


def fits(text: str) -> bool:
    """Whether a text is to be parsed in this process."""
    return _room > 0 and 0 < len(text) <= LONGEST


def parse(text: str, made: Callable[[str], T]) -> T:
    """What is made of a text. It may end this process."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    room = _room if before[1] == resource.RLIM_INFINITY else min(_room, before[1])
    with _silence(), limits.limited(len(text)):
        resource.setrlimit(resource.RLIMIT_AS, (room, before[1]))
        try:
            return made(text)
        except MemoryError:
            os._exit(ENDED)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)


_null = -1
_stderr = -1


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """A parser that may not allocate says so before it aborts, which is nothing for a user to read."""
    global _null, _stderr
    if _null < 0:
        _null, _stderr = os.open(os.devnull, os.O_WRONLY), os.dup(2)
    os.dup2(_null, 2)
    try:
        yield
    finally:
        os.dup2(_stderr, 2)
