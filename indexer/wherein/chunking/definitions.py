"""Chunks of code: one for each definition, the rest in runs that belong together.

Each row of the file gets an owner, the innermost definition that is cut out; runs of rows with one owner become
chunks. That no row is lost and none is in two chunks follows from this by construction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from wherein.chunking import lines
from wherein.chunking.chunk import Chunk
from wherein.chunking.outline import SCOPE, WHOLE_KINDS, Definition, Outline, outline
from wherein.chunking.parse import OutOfTime, matches, parse
from wherein.chunking.source import Source
from wherein.chunking.split import split, too_long

if TYPE_CHECKING:
    from wherein.languages.registry import Language

NESTED_ROWS = 10
"""A definition inside a function is cut out only when it has so many and the function is too long for one chunk."""
GROUPED_KINDS = frozenset({"constant", "type"})
GROUPED_ROWS = 4
"""Constants and types up to this length, their comments included, are grouped with their neighbours."""
GROUP_ROWS = 40
"""A group of them, or a run of module-level code, is ended at a blank line once it has half of this."""
TRIVIAL_LETTERS = 20
"""A stretch between definitions with fewer word characters (closers, `public:`, `#endif`) joins its neighbour."""
LONGEST_AVERAGE_LINE = 1_000
"""Files of longer lines are data or minified: a chunk is whole lines, so parsing them would gain nothing."""

_WORD = re.compile(r"\w")


@dataclass(slots=True)
class _Run:
    """Rows start..stop-1 with one owner."""

    start: int
    stop: int
    owner: Definition
    grouped: list[Definition] = field(default_factory=list)
    """the small constants and types that it holds"""
    kind: str = ""
    """of a group: constant or type; empty: the owner's"""


def chunk(text: str, language: Language) -> list[Chunk]:
    """The chunks of a text in a language with a grammar; runs of lines where it cannot be parsed in bounds."""
    source = Source(text)
    if len(text) > LONGEST_AVERAGE_LINE * max(len(source.lines), 1):
        return lines.chunk(text, language)
    try:
        tree = parse(source.data, language)
        found = matches(tree, source.data, language)
    except OutOfTime:
        return lines.chunk(text, language)
    outlined = outline(tree.root_node, found, source, language)
    small, cut = _select(outlined, source)
    runs = _join_trivial(_group(_runs(outlined.root, cut, source), small, source), source)
    return _chunks(runs, outlined, cut, source)


def _select(outlined: Outline, source: Source) -> tuple[list[Definition], list[Definition]]:
    """The small definitions at module level that are to be grouped, and those that are cut out."""
    whole: dict[int, Definition | None] = {id(outlined.root): None}
    """for each definition, the innermost function around or at it that is cut out"""
    long: dict[int, bool] = {}
    small, cut = [], []
    for definition in outlined.definitions:
        assert definition.parent is not None
        around = whole[id(definition.parent)]
        whole[id(definition)] = around
        if definition.kind == SCOPE:
            continue
        if around is not None:
            if id(around) not in long:
                long[id(around)] = too_long(source, around.start, around.end + 1)
            if not long[id(around)] or definition.rows < NESTED_ROWS or definition.kind in GROUPED_KINDS:
                continue
        elif definition.kind in GROUPED_KINDS and definition.rows <= GROUPED_ROWS:
            small.append(definition)
            continue
        cut.append(definition)
        if definition.kind in WHOLE_KINDS:
            whole[id(definition)] = definition
    return small, cut


def _runs(root: Definition, cut: list[Definition], source: Source) -> list[_Run]:
    """Maximal runs of rows with one owner. Inner definitions come later and take their rows from the outer ones."""
    count = len(source.lines)
    owners = [root] * count
    for definition in cut:
        owners[definition.start : definition.end + 1] = [definition] * definition.rows
    starts = [0] + [row for row in range(1, count) if owners[row] is not owners[row - 1]]
    return [_Run(start, stop, owners[start]) for start, stop in pairwise([*starts, count])] if count else []


def _group(runs: list[_Run], small: list[Definition], source: Source) -> list[_Run]:
    """Divide the runs between definitions into groups of constants, of types and of other code."""
    at: dict[int, list[Definition]] = defaultdict(list)
    for definition in small:
        at[definition.start].append(definition)
    divided: list[_Run] = []
    for run in runs:
        if run.owner.parent is None:
            divided += _divide(run, at, source)
        else:
            divided.append(run)
            for row in range(run.start, run.stop):
                run.grouped += at.get(row, ())
    return divided


def _divide(run: _Run, at: dict[int, list[Definition]], source: Source) -> list[_Run]:
    """Paragraphs of one kind after one another, joined while they are short."""
    stretches: list[_Run] = []
    row = run.start
    while row < run.stop:
        grouped = at.get(row, ())
        if grouped:
            stop, kind = min(max(d.end for d in grouped) + 1, run.stop), grouped[0].kind
        else:
            stop, kind = row + 1, ""
        last = stretches[-1] if stretches else None
        fits = last is not None and row - last.start < GROUP_ROWS
        if last is not None and not grouped and source.blank[row]:
            last.stop = stop
        elif last is not None and last.kind == kind and (fits or not source.blank[row - 1]):
            last.stop = stop
            last.grouped += grouped
        else:
            stretches.append(_Run(row, stop, run.owner, list(grouped), kind))
        row = stop
    joined: list[_Run] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if last is not None and min(_rows(last), _rows(stretch)) <= GROUPED_ROWS and stretch.stop - last.start <= GROUP_ROWS:
            if _rows(stretch) > _rows(last):
                last.kind = stretch.kind
            last.stop = stretch.stop
            last.grouped += stretch.grouped
        else:
            joined.append(stretch)
    return joined


def _rows(run: _Run) -> int:
    return run.stop - run.start


def _join_trivial(runs: list[_Run], source: Source) -> list[_Run]:
    """Give stretches that say nothing to the chunk before them; those at the top to the chunk after them."""
    begun: set[int] = set()
    joined: list[_Run] = []
    pending: _Run | None = None
    for run in runs:
        head = run.owner.parent is not None and id(run.owner) not in begun
        begun.add(id(run.owner))
        if not head and not run.grouped and _is_trivial(run, source):
            if joined:
                joined[-1].stop = run.stop
            else:
                pending = _Run(pending.start if pending else run.start, run.stop, run.owner)
            continue
        if pending is not None:
            run.start, pending = pending.start, None
        joined.append(run)
    return joined or ([pending] if pending else [])


def _is_trivial(run: _Run, source: Source) -> bool:
    letters = 0
    for line in source.lines[run.start : run.stop]:
        letters += len(_WORD.findall(line[: 4 * TRIVIAL_LETTERS]))
        if letters > TRIVIAL_LETTERS:
            return False
    return True


def _chunks(runs: list[_Run], outlined: Outline, cut: list[Definition], source: Source) -> list[Chunk]:
    pieces: list[tuple[_Run, int, int]] = []
    for run in runs:
        if too_long(source, run.start, run.stop):
            pieces += [(run, start, stop) for start, stop in split(run.owner.node, source, run.start, run.stop)]
        else:
            pieces.append((run, run.start, run.stop))
    names = _further_names(pieces, outlined, cut)
    chunks = []
    begun: set[int] = set()
    for (run, start, stop), further in zip(pieces, names, strict=True):
        owner = run.owner
        only = next((d for d in run.grouped if start <= d.start < stop), None) if run.kind else None
        doc = ""
        if only is not None:
            owner = only
        if id(owner) not in begun:
            begun.add(id(owner))
            doc = owner.doc
        kind = run.kind or owner.kind
        distinct = tuple(dict.fromkeys(name for name in further if name and name != owner.name))
        chunks.append(Chunk(start + 1, stop, kind, owner.name, owner.qualified_name, owner.signature, doc, distinct))
    return chunks


def _further_names(
    pieces: list[tuple[_Run, int, int]], outlined: Outline, cut: list[Definition]
) -> list[list[str]]:
    """For each piece, what is defined in it besides its owner."""
    owned = {id(run.owner) for run, _, _ in pieces}
    wanted = [(row, name) for row, name in outlined.members]
    for definition in outlined.definitions:
        if definition.kind == SCOPE or id(definition) not in owned:
            wanted.append((definition.head, definition.name))
        wanted += [(definition.head, name) for name in definition.names]
    wanted.sort(key=lambda entry: entry[0])
    names: list[list[str]] = []
    at = 0
    for _, _, stop in pieces:
        mine = []
        while at < len(wanted) and wanted[at][0] < stop:
            mine.append(wanted[at][1])
            at += 1
        names.append(mine)
    return names
