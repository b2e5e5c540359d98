"""Places that stand in a text: the frames of a pasted trace, `src/a.py:14`. Formats are data (traces.toml)."""

import re
import tomllib
from functools import cache

from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.search.trace_order import Order

MOST_FRAMES = 60
"""Of a deeper trace, the innermost."""

AHEAD, BEHIND = 3, 1
"""Lines of one place around that with its number."""

LONGEST_LINE = 1_000
"""Characters that the expressions see: some of them take the square of it."""

_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[:(#+?%|\n]|line")
"""One of these is in every place. Most questions have none, and compiling the expressions takes 6 ms of a process."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place that a text names."""

    path: str
    """as it stands there"""
    line: int
    symbol: str
    """the function that the line is said to be in; empty where none is named"""
    start: int
    end: int
    """where it stands in the text"""


def frames(text: str) -> list[Frame]:
    """The places, the innermost first; of a place that stands twice, the first."""
    if not (_DIGIT.search(text) and _SIGN.search(text)):
        return []
    text = "\n".join([line[:LONGEST_LINE].ljust(len(line), "\n") for line in text.split("\n")])
    found: list[Frame] = []
    taken = bytearray(len(text) + 1)
    last: set[int] = set()
    """where the places begin whose format has the innermost last"""
    aside: set[int] = set()
    looked_at = _near_numbers(text)
    for pattern, kind in _formats():
        for match in pattern.finditer(looked_at):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            groups = match.groupdict()
            line = groups["line"]
            if len(line) > 9 or int(line) < 1:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Frame(groups["path"], int(line), groups.get("symbol") or "", start, end))
            if kind == "last":
                last.add(start)
            elif kind == "aside":
                aside.add(start)
    if not found:
        return []
    order = Order(text, last, aside)
    found.sort(key=lambda frame: order.key(frame.start))
    distinct: dict[tuple[str, int], Frame] = {}
    for frame in found:
        distinct.setdefault((frame.path, frame.line), frame)
    return list(distinct.values())[:MOST_FRAMES]


def _near_numbers(text: str) -> str:
    """A text in which lines are blank that no place can stand in, at the same offsets: long texts are mostly prose."""
    lines = text.split("\n")
    numbered = [bool(_DIGIT.search(line)) for line in lines]
    kept = [any(numbered[max(at - BEHIND, 0) : at + AHEAD + 1]) for at in range(len(lines))]
    return "\n".join([line if keep else "\n" * len(line) for line, keep in zip(lines, kept, strict=True)])


def without(text: str, found: list[Frame]) -> str:
    """A text with the functions' names in place of what names its frames."""
    pieces, at = [], 0
    for frame in sorted(found, key=lambda frame: frame.start):
        pieces += [text[at : frame.start], frame.symbol]
        at = frame.end
    return " ".join((*pieces, text[at:]))


@cache
def _formats() -> list[tuple[re.Pattern[str], str]]:
    data = tomllib.loads(files("wherein.search").joinpath("traces.toml").read_text("utf-8"))
    return [(re.compile(each["pattern"], re.MULTILINE), each.get("order", "")) for each in data["format"]]
