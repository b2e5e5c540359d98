"""Pasted code: the chunks that hold most of its lines come first."""

from collections.abc import Sequence

from wherein.one_form import one_form
from wherein.profile import lengths
from wherein.store.protocol import Candidate

MOST_LINES = 200
SHORTEST_LINE = 6
"""Characters, without blanks: a bracket or `else:` is in every chunk."""

LEAST_SHARE = 0.3
"""Of the lines; less is chance."""

WIDEST_LINE = 50
LONGEST_TERM = 10
"""Characters, without blanks, that a chunk's lines and terms have on average at most, one or the other: of 6,718 chunks
of ten repositories, 13 have more, certificates and pages that a program wrote. Smaller chunks are not read."""

PASTED = "pasted"
"""The step, beside the features."""

WORTH = 3.0
"""What all the lines together add: more than any features. A chunk with them is what was pasted."""


def pasted_lines(text: str) -> tuple[str, ...]:
    """The distinct lines of code in a text of several lines, without blanks; none for one line."""
    lines = [_squeezed(line) for line in text.split("\n", MOST_LINES)[:MOST_LINES]]
    told = tuple(dict.fromkeys(line for line in lines if len(line) >= SHORTEST_LINE))
    return told if len(lines) > 1 else ()


def shares(lines: Sequence[str], texts: Sequence[str]) -> list[float]:
    """For each text, the share of the pasted characters that it holds, line by line; 0 below LEAST_SHARE."""
    total = sum(map(len, lines))
    longest_first = sorted(lines, key=len, reverse=True)
    return [
        _share(longest_first, total, _squeezed(text)) if len(text) >= LEAST_SHARE * total else 0.0
        for text in texts
    ]


def _share(lines: Sequence[str], total: int, text: str) -> float:
    """Of the lines, the longest first: what is certain to hold too little of them is not searched for the others."""
    held, left = 0, total
    for line in lines:
        left -= len(line)
        if line in text:
            held += len(line)
        elif held + left < LEAST_SHARE * total:
            return 0.0
    return held / total if total and held / total >= LEAST_SHARE else 0.0


def have_room(lines: Sequence[str], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that may hold enough of the lines, judging by their own lines and terms."""
    least = LEAST_SHARE * sum(map(len, lines))
    return [
        each
        for each in candidates
        if (each.end_line - each.start_line + 1) * WIDEST_LINE >= least
        or sum(lengths(each.profile)) * LONGEST_TERM >= least
    ]


def _squeezed(text: str) -> str:
    return "".join(one_form(text).split())
