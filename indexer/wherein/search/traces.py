"""Places in a text: the frames of a pasted trace, `src/a.py:14`. Formats are data (traces.toml)."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered
from wherein.search.hunks import hunks
from wherein.search.trace_order import Order

MOST_FRAMES = 60
"""Of a deeper trace, the innermost."""

AHEAD, BEHIND = 3, 1
"""Lines of one place around that with its number."""

LONGEST_LINE = 1_000
"""Characters that the expressions see: some of them take the square of it."""

_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"[:\uff1a(#+?%|\t\n]|line|\w\.[A-Za-z]")
"""One of these is in every place. Most questions have none, and need not read the formats."""

_PIECE = re.compile(r"<<\w+>>")

_CLOSING = {"[": "]", "<": ">", "{": "}"}


@dataclass(frozen=True, slots=True)
class Frame:
    """A place that a text names."""

    path: str
    """as it stands there"""
    line: int
    symbol: str
    """the function that the line is said to be in; empty if none is named"""
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
    near = _near(looked_at)
    for each in _formats():
        for match in each.places(looked_at, near):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            groups = match.groupdict()
            line = groups["line"]
            if len(line) > 9 or int(line) < 1:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Frame(_bare(groups["path"]), int(line), groups.get("symbol") or "", start, end))
            if each.order == "last":
                last.add(start)
            elif each.order == "aside":
                aside.add(start)
    found += [
        Frame(hunk.path, hunk.line, "", hunk.start, hunk.end)
        for hunk in hunks(text)
        if not any(taken[hunk.start : hunk.end])
    ]
    if not found:
        return []
    order = Order(text, last, aside)
    found.sort(key=lambda frame: order.key(frame.start))
    distinct: dict[tuple[str, int], Frame] = {}
    for frame in found:
        distinct.setdefault((frame.path, frame.line), frame)
    return list(distinct.values())[:MOST_FRAMES]


def _bare(path: str) -> str:
    """A path without the bracket that is closed behind the line's number."""
    closing = _CLOSING.get(path[0], "")
    return path[1:] if closing and closing not in path else path


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


@dataclass(frozen=True, slots=True)
class _Format:
    """An entry of traces.toml."""

    pattern: str
    holds: str
    """as an expression"""
    order: str
    lines: int
    """that a place may have"""

    def places(self, text: str, near: "Near") -> Iterator[re.Match[str]]:
        """Where it stands in a text, `near` what it holds. Most texts have nothing of most formats, whose expressions
        need not be made."""
        for start, end in near[self.holds, self.lines]:
            yield from _compiled(self.pattern).finditer(text, start, end)


Near = Mapping[tuple[str, int], Sequence[tuple[int, int]]]


def _near(text: str) -> Near:
    """What is around each thing that formats hold; several hold the same, which is looked for once."""
    return Remembered(lambda held: list(_around(_compiled(held[0]), text, held[1])), len(_formats()))


def _around(held: re.Pattern[str], text: str, lines: int) -> Iterator[tuple[int, int]]:
    """The whole lines around what is held, as far as a place of so many lines can reach; those that meet as one."""
    start, end = 0, -1
    found = held.search(text)
    while found:
        begin = at = stop = found.start()
        for _ in range(lines):
            begin = text.rfind("\n", 0, begin)
            if begin < 0:
                break
        for _ in range(lines):
            stop = text.find("\n", stop + 1)
            if stop < 0:
                stop = len(text)
                break
        if end >= 0 and begin >= end:
            yield start, end
            end = -1
        if end < 0:
            start = begin + 1
        end = stop
        line = text.find("\n", at)
        found = held.search(text, line) if line >= 0 else None
    if end >= 0:
        yield start, end


_compiled = cache(partial(re.compile, flags=re.MULTILINE))


@cache
def _formats() -> list[_Format]:
    data = tomllib.loads(files("wherein.search").joinpath("traces.toml").read_text("utf-8"))
    pieces = {f"<<{name}>>": piece for name, piece in data["pieces"].items()}

    def whole(pattern: str) -> str:
        return _PIECE.sub(lambda match: whole(pieces[match[0]]), pattern)

    return [
        _Format(
            whole(each["pattern"]),
            whole(each["near"]) if "near" in each else re.escape(each["holds"]),
            each.get("order", ""),
            each.get("lines", 1),
        )
        for each in data["format"]
    ]
