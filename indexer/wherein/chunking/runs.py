"""Which definition owns which rows of a file: runs of rows that become one chunk each.

Each row has an owner, the innermost definition that is cut out; runs of rows with one owner become chunks. That no row
is lost and none is in two chunks follows from this by construction. Between definitions, small constants and types are
gathered, and what says nothing (blank rows, closing brackets) joins its neighbour.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

from wherein.chunking.outline import ROOT, Definition, Outline
from wherein.chunking.source import Source
from wherein.quick_dataclass import dataclass

GROUPED_ROWS = 4
"""Constants and types up to this length, their comments included, are grouped with their neighbours; so are groups up
to this length with what else stands beside them."""
OPEN_KINDS = frozenset({ROOT, "namespace"})
"""Kinds whose own code is a file's: there constants and types are grouped."""
TRIVIAL_LETTERS = 20
"""A line between definitions that has no more word characters joins its neighbour."""

_WORD = re.compile(r"\w")
_CLOSING = re.compile(r"[ \t]*(?:[\])}]+[;,]?[ \t]*(?://.*|/\*.*)?)?$")
"""Blank lines and closing brackets."""
_FRAME = re.compile(
    r"[ \t]*(?:[\])}]+[;,]?[ \t]*(?://.*|/\*.*)?$"
    r"|#[ \t]*(?:if|el|endif|region)"
    r"|(?:public|private|protected)[ \t\w]*:$)"
)
"""Lines that only hold others together: closing brackets, conditions of the preprocessor, access labels."""


@dataclass(slots=True)
class Run:
    """Rows start..stop-1 with one owner."""

    start: int
    stop: int
    owner: Definition
    grouped: list[Definition] = field(default_factory=list)
    """the small constants and types that it holds"""
    kind: str = ""
    """of a group: constant, type or macro; empty: the owner's"""

    @property
    def rows(self) -> int:
        """Its length."""
        return self.stop - self.start


def runs(
    outlined: Outline, cut: Sequence[Definition], small: Sequence[Definition], source: Source
) -> list[Run]:
    """The runs of a file, in order. `cut` are the definitions that own rows, outer ones first; `small` are those that
    are gathered into groups."""
    return _join_trivial(_group(_owned(outlined.root, cut, source), small, outlined, source), source)


def _owned(root: Definition, cut: Sequence[Definition], source: Source) -> list[Run]:
    """Maximal runs of rows with one owner. Inner definitions come later and take their rows from the outer ones."""
    count = len(source.lines)
    owners = [root] * count
    for definition in cut:
        owners[definition.start : definition.end + 1] = [definition] * definition.rows
    starts = [0] + [row for row in range(1, count) if owners[row] is not owners[row - 1]]
    return [Run(start, stop, owners[start]) for start, stop in pairwise([*starts, count])] if count else []


def _group(owned: list[Run], small: Sequence[Definition], outlined: Outline, source: Source) -> list[Run]:
    """Divide the runs between definitions into groups of constants, of types and of other code."""
    at: dict[int, list[Definition]] = defaultdict(list)
    for definition in small:
        at[definition.start].append(definition)
    divided: list[Run] = []
    for run in owned:
        if run.owner.kind in OPEN_KINDS:
            divided += _join_short(_divide(run, at, outlined.comments, source.blank))
        else:
            divided.append(run)
    return divided


def _divide(run: Run, at: dict[int, list[Definition]], comments: set[int], blank: list[bool]) -> list[Run]:
    """Stretches of rows that are constants, that are types, and that are neither. Comments go with what follows."""
    stretches: list[Run] = []
    row = run.start
    while row < run.stop:
        grouped = at.get(row, ())
        if not grouped and (blank[row] or row in comments):
            row += 1
            continue
        stop, kind = row + 1, ""
        if grouped:
            stop, kind = min(max(d.end for d in grouped) + 1, run.stop), grouped[0].kind
        last = stretches[-1] if stretches else None
        if last is not None and last.kind == kind:
            last.stop = stop
            last.grouped += grouped
        else:
            start = last.stop if last is not None else run.start
            while blank[start]:
                start += 1
            stretches.append(Run(start, stop, run.owner, list(grouped), kind))
        row = stop
    if not stretches:
        return [run]
    for stretch, following in pairwise(stretches):
        stretch.stop = following.start
    stretches[0].start, stretches[-1].stop = run.start, run.stop
    return stretches


def _join_short(stretches: list[Run]) -> list[Run]:
    """Join a stretch with the one before it when either is short; the longer one says what they are."""
    joined: list[Run] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is not None and min(last.rows, stretch.rows) <= GROUPED_ROWS:
            if stretch.rows > last.rows:
                last.kind = stretch.kind
            last.stop = stretch.stop
            last.grouped += stretch.grouped
        else:
            joined.append(stretch)
    return joined


def _join_trivial(divided: list[Run], source: Source) -> list[Run]:
    """Give what says nothing to the chunk before it; at the top, to the chunk after it."""
    joined: list[Run] = []
    pending: Run | None = None
    for run in divided:
        has_head = run.owner.parent is not None and run.start <= run.owner.head < run.stop
        if not has_head and not run.grouped and _is_trivial(run, source):
            if joined:
                joined[-1].stop = run.stop
            else:
                pending = Run(pending.start if pending else run.start, run.stop, run.owner)
            continue
        if pending is not None:
            run.start, pending = pending.start, None
        elif joined:
            while run.start < run.stop - 1 and _CLOSING.match(source.lines[run.start]):
                run.start += 1
            joined[-1].stop = run.start
        joined.append(run)
    return joined or ([pending] if pending else [])


def _is_trivial(run: Run, source: Source) -> bool:
    letters = rows = 0
    for line in source.lines[run.start : run.stop]:
        line = line[: 8 * TRIVIAL_LETTERS]
        if _FRAME.match(line) or not _WORD.search(line):
            continue
        rows += 1
        letters += len(_WORD.findall(line))
        if rows > 1 or letters > TRIVIAL_LETTERS:
            return False
    return True
