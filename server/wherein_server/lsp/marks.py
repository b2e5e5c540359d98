"""Which words of a hit are the query's: what an editor highlights."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wherein import tokens
from wherein.errors import ConfigError
from wherein.search.query import parse

MOST_MARKS = 60
"""Of one hit: more are no help to the eye."""

MOST_WANTED = 100
"""Terms and synonyms looked for."""

LEAST_STEM = 3
"""Letters: of a longer stem the last one may be another in the word, as in `happi` for `happy`."""

LEAST_WANTED = 2
"""Letters: single ones, as the first that somebody types, stand everywhere."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Mark(NamedTuple):
    """Characters of one line."""

    line: int
    """from 0"""
    start: int
    end: int


class Marker:
    """Finds the words of one query, however they are inflected and joined to names."""

    def __init__(self, query: str) -> None:
        self._wanted = frozenset(term for term in _wanted(query) if len(term) >= LEAST_WANTED)
        begins = sorted({term[:-1] if len(term) > LEAST_STEM else term for term in self._wanted})
        self._begins = re.compile("|".join(map(re.escape, begins)), re.IGNORECASE) if begins else None

    def marks(self, lines: Sequence[str]) -> list[Mark]:
        """Where they stand, from top to bottom; neighbours in one name together."""
        found: list[Mark] = []
        if self._begins is not None:
            for number, line in enumerate(lines):
                found += (Mark(number, start, end) for start, end in self._of(line))
                if len(found) >= MOST_MARKS:
                    break
        return found[:MOST_MARKS]

    def _of(self, line: str) -> Iterator[tuple[int, int]]:
        assert self._begins is not None
        last: tuple[int, int] | None = None
        looked = 0
        for match in self._begins.finditer(line):
            if match.start() < looked:
                continue  # in a name that was looked at
            start, looked = _run_around(line, match.start())
            run = line[start:looked]
            if self._wanted.isdisjoint(tokens.terms(run)):
                continue
            for first, end in self._parts(run):
                at = start + first, start + end
                if last is not None and not line[last[1] : at[0]].strip("_"):
                    last = last[0], at[1]
                    continue
                if last is not None:
                    yield last
                last = at
        if last is not None:
            yield last

    def _parts(self, run: str) -> Iterator[tuple[int, int]]:
        """The parts of a name that are wanted, or all of it."""
        if not run.isascii() or tokens.fold(run) in self._wanted:
            yield 0, len(run)
            return
        for part in _PARTS.finditer(run):
            if tokens.stem(part[0].lower()) in self._wanted:
                yield part.span()


def _run_around(line: str, at: int) -> tuple[int, int]:
    """The letters, digits and `_` that stand together there."""
    start = end = at
    while start > 0 and (line[start - 1].isalnum() or line[start - 1] == "_"):
        start -= 1
    while end < len(line) and (line[end].isalnum() or line[end] == "_"):
        end += 1
    return start, max(end, at + 1)


def _wanted(query: str) -> Sequence[str]:
    try:
        read = parse(query)
    except ConfigError:
        return ()
    return (*read.terms, *read.compounds, *(each.term for each in read.synonyms))[:MOST_WANTED]
