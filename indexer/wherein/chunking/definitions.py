"""Chunks of code: one for each definition, the rest in runs that belong together."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from wherein.chunking import lines
from wherein.chunking.captures import SCOPE
from wherein.chunking.chunk import AROUND, OWN, UNTOLD, Chunk
from wherein.chunking.outline import CLASS_KINDS, WHOLE_KINDS, Definition, Further, Outline, outline
from wherein.chunking.readings import read, read_lines
from wherein.chunking.runs import GROUPED_ROWS, Run, runs
from wherein.chunking.source import Source
from wherein.chunking.split import split, too_long

if TYPE_CHECKING:
    from wherein.languages.registry import Language

NESTED_ROWS = 10
"""A definition inside a function is cut out only when it has so many and the function is too long for one chunk."""
SMALL = {"constant": GROUPED_ROWS, "type": GROUPED_ROWS, "macro": 2}
"""How many rows definitions of these kinds may have to be grouped with their neighbours."""
LONGEST_AVERAGE_LINE = 1_000
LONGEST_DENSE_TEXT = 20_000
"""Characters. Longer texts of such lines are data: as chunks are whole lines, parsing them would gain nothing."""
LONGEST_READ_LINE = 5_000
KEPT_OF_LINE = 300
"""Characters. Of a longer line in such a text its beginning and its end are parsed: functions beside it are found."""
FEW_LINES = 3
"""So many, or one in fifty, may be so long: a text of more is a bundle."""


def chunk(text: str, language: Language, *, parsed: bool = True) -> list[Chunk]:
    """The chunks of a text in a language with a grammar; told by its lines alone, if it is not to be parsed.

    Parsing has no bounds here: `parsing.bounded` asks another process for it."""
    source = Source(text)
    if _is_dense(source):
        source = _without_data(source)
        if _is_dense(source):
            return lines.chunk(text, language)
    root, found = (read if parsed else read_lines)(source, language)
    outlined = outline(root, found, source, language)
    small, cut = _select(outlined, source)
    return _chunks(runs(outlined, cut, small, source), outlined, source, language)


def _is_dense(source: Source) -> bool:
    characters = sum(map(len, source.lines))
    return characters > max(LONGEST_DENSE_TEXT, LONGEST_AVERAGE_LINE * len(source.lines))


def _without_data(source: Source) -> Source:
    """The text without the middle of the lines that are data, where they are few beside others; else the same."""
    long = sum(len(line) > LONGEST_READ_LINE for line in source.lines)
    others = sum(not blank for blank in source.blank) - long
    if not others or long > max(FEW_LINES, len(source.lines) // 50):
        return source
    return Source(
        "\n".join(
            line if len(line) <= LONGEST_READ_LINE else line[:KEPT_OF_LINE] + line[-KEPT_OF_LINE:]
            for line in source.lines
        )
    )


def _select(outlined: Outline, source: Source) -> tuple[list[Definition], list[Definition]]:
    """The small definitions that are to be grouped, and those that are cut out."""
    whole: dict[int, Definition | None] = {id(outlined.root): None}
    """for each definition, the innermost function around or at it that is cut out"""
    long: dict[int, bool] = {}
    small, cut = [], []
    for definition in outlined.definitions:
        assert definition.parent is not None
        around = whole[id(definition.parent.shown)]
        whole[id(definition)] = around
        if definition.kind == SCOPE:
            continue
        if around is not None:
            if id(around) not in long:
                long[id(around)] = too_long(source, around.start, around.end + 1)
            if (
                not long[id(around)]
                or definition.rows < NESTED_ROWS
                or definition.kind in ("constant", "type")
            ):
                continue
        elif definition.rows <= SMALL.get(definition.kind, 0):
            small.append(definition)
            continue
        cut.append(definition)
        if definition.kind in WHOLE_KINDS:
            whole[id(definition)] = definition
    return small, cut


def _chunks(divided: list[Run], outlined: Outline, source: Source, language: Language) -> list[Chunk]:
    pieces: list[tuple[Run, int, int]] = []
    for run in divided:
        if too_long(source, run.start, run.stop):
            head = run.owner.head
            pieces += [(run, *piece) for piece in split(run.owner.node, source, run.start, run.stop, head)]
        else:
            pieces.append((run, run.start, run.stop))
    owners = [_owner(run, start, stop) for run, start, stop in pieces]
    names = _further_names(pieces, owners, outlined)
    if language.merge_clauses:
        names = [_without_clauses(further) for further in names]
    chunks = []
    begun: Counter[int] = Counter()
    counts = Counter(id(run.owner) for run, _, _ in pieces if not run.kind)
    for (run, start, stop), owner, further in zip(pieces, owners, names, strict=True):
        doc = ""
        if not begun[id(owner)]:
            doc = owner.doc
        begun[id(owner)] += 1
        members, inside = _placed(further, owner, grouped=bool(run.kind))
        definition = part = None
        if owner.name and not run.kind:
            if owner.start < start or owner.end >= stop:
                definition = owner.start + 1, owner.end + 1
            if counts[id(owner)] > 1:
                part = begun[id(owner)], counts[id(owner)]
        chunks.append(
            Chunk(
                start + 1,
                stop,
                run.kind or owner.kind,
                owner.name,
                owner.qualified_name,
                owner.signature,
                doc,
                tuple(each.name for each in members),
                line=owner.row + 1 if owner.name else 0,
                name_lines=tuple(each.row + 1 for each in members),
                definition=definition,
                part=part,
                inside=inside,
            )
        )
    return chunks


def _placed(
    further: list[Further], owner: Definition, *, grouped: bool
) -> tuple[list[Further], tuple[int, ...]]:
    """The names that a chunk has beside its owner's, each once, and `Chunk.inside` of them."""
    members: list[Further] = []
    inside: list[int] = []
    at: dict[int, int] = {}
    """of definitions: which name stands for it"""
    known: dict[tuple[str, int], dict[int, int]] = {}
    """by name and row: which name it is, by place"""
    around = {id(each) for each in owner.enclosing()}
    for each in further:
        place = UNTOLD
        if each.definition is not None and id(each.definition) in around:
            place = AROUND
        elif each.parent is not None:
            if each.parent is owner and not grouped and owner.kind not in CLASS_KINDS:
                place = OWN
            else:
                place = at.get(id(each.parent), UNTOLD)
        if not each.name or (each.name == owner.name and place in (UNTOLD, OWN, AROUND)):
            continue
        same = known.setdefault((each.name, each.row), {})
        which = same.get(place)
        if which is None and place == UNTOLD and any(members[i].at == each.at for i in same.values()):
            continue
        if which is None and UNTOLD in same and members[same[UNTOLD]].at == each.at:
            which = same.pop(UNTOLD)
        if which is None:
            which = len(members)
            members.append(each)
            inside.append(place)
        inside[which] = place
        same[place] = which
        if each.definition is not None:
            at.setdefault(id(each.definition), which + 1)
    return members, tuple(inside) if any(place != UNTOLD for place in inside) else ()


def _owner(run: Run, start: int, stop: int) -> Definition:
    """The definition that a piece is named after: what it is a piece of, or the first of a group."""
    first = bisect_left(run.grouped, start, key=lambda definition: definition.start)
    only = run.grouped[first] if run.kind and first < len(run.grouped) else None
    return only if only is not None and only.start < stop else run.owner


def _further_names(
    pieces: list[tuple[Run, int, int]], owners: list[Definition], outlined: Outline
) -> list[list[Further]]:
    """For each piece, what is defined in it besides its owner, with the row of the name. A class whose first lines
    stand in another chunk, with its constants, is such a name there."""
    where_named = {
        id(owner) for (_, start, stop), owner in zip(pieces, owners, strict=True) if start <= owner.row < stop
    }
    wanted = list(outlined.members)
    for definition in outlined.definitions:
        if definition.kind != SCOPE and id(definition) not in where_named and not _is_local(definition):
            wanted.append(definition.as_further())
        wanted += definition.names
    wanted.sort(key=lambda each: each.row)
    names: list[list[Further]] = []
    at = 0
    for _, _, stop in pieces:
        mine = []
        while at < len(wanted) and wanted[at].row < stop:
            mine.append(wanted[at])
            at += 1
        names.append(mine)
    return names


def _without_clauses(further: list[Further]) -> list[Further]:
    """Names of which each that follows itself is a further clause."""
    return further[:1] + [each for before, each in pairwise(further) if each.name != before.name]


def _is_local(definition: Definition) -> bool:
    """Whether nobody looks for it by name: a variable or an alias in a function."""
    parent = definition.parent
    return definition.kind in ("constant", "type") and parent is not None and parent.kind in WHOLE_KINDS
