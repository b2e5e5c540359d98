"""Which lines of a hit to show: its head, and those that say most about the query."""

from collections import Counter
from collections.abc import Collection, Sequence

from wherein.quick_dataclass import dataclass

SNIPPET_LINES = 8
"""Five hits fit a screen."""

READ_LINES = 400
"""Of a longer chunk, only so many lines are weighed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to show."""

    number: int
    text: str
    after_gap: bool = False
    """lines before it are left out"""


def snippet(
    text: str, first: int, terms: Collection[str] = (), *, named: int = 0, most: int = SNIPPET_LINES
) -> list[Line]:
    """At most `most` lines of a chunk that begins at line `first`.

    All of a short chunk, else the line `named` that it is known by (without one, its first) and the window of lines
    that hold most of the query's terms.
    """
    lines = split(text)
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not filled:
        return []
    head, end = filled[0], filled[-1] + 1
    if end - head <= most:
        return [Line(first + i, lines[i]) for i in range(head, end)]
    title = named - first if head <= named - first < end else head
    start = best_window(lines[: head + READ_LINES], head, most - 1, terms)
    if start == head and not any(line_weights(lines[head : head + most - 1], terms)):
        start = title
    if start <= title + 1 <= start + most:
        first_shown = min(start, title)
        return [Line(first + i, lines[i]) for i in range(first_shown, min(first_shown + most, end))]
    window = range(start, min(start + most - 1, end))
    numbers = sorted({title, *window})
    return [
        Line(first + i, lines[i], after_gap=at > 0 and numbers[at - 1] != i - 1)
        for at, i in enumerate(numbers)
    ]


def best_window(lines: Sequence[str], head: int, height: int, terms: Collection[str]) -> int:
    """Where the `height` lines start that hold most of the terms: the first among equals, `head` if none."""
    weights = line_weights(lines, terms)
    best, best_start = 0.0, head
    total = sum(weights[head : head + height])
    for start in range(head, max(head + 1, len(lines) - height + 1)):
        if start > head:
            total += sum(weights[start + height - 1 : start + height]) - weights[start - 1]
        if total > best + 1e-9:
            best, best_start = total, start
    return best_start


def best_line(text: str, first: int, terms: Collection[str]) -> int:
    """The number of the line that holds most of the terms."""
    lines = split(text)
    filled = [i for i, line in enumerate(lines) if line.strip()] or [0]
    return first + best_window(lines[:READ_LINES], filled[0], 1, terms)


def line_weights(lines: Sequence[str], terms: Collection[str]) -> list[float]:
    """For each line, the sum over its terms of 1 / the number of lines with that term."""
    if not terms:
        return [0.0] * len(lines)
    from wherein import tokens

    wanted = frozenset(terms)
    held = [wanted.intersection(tokens.terms(line)) for line in lines]
    spread = Counter(term for found in held for term in found)
    return [sum(1 / spread[term] for term in found) for found in held]


def split(text: str) -> list[str]:
    """Lines without their ends, as an index counts them: at `\\n` only."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
