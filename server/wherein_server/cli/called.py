"""Prints the definitions at the other end of calls, as the lines of the calls."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wherein.call import Call, Calls
from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein_server.cli import jsonout
from wherein_server.cli.answer import print_answer
from wherein_server.cli.asking import Answer
from wherein_server.cli.exits import Exit
from wherein_server.cli.hits import Shape
from wherein_server.cli.options import Common, checked_format
from wherein_server.cli.paths import relative_path, split_place
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, refresh, status_of
from wherein_server.cli.wording import count, doubts, named

if TYPE_CHECKING:
    from wherein.search.calls.named import Direction

DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class _End:
    """One result."""

    hit: Hit
    """of a caller, shown by the line of the call"""
    call: Call
    where: str
    """the file that the call stands in"""
    of: Hit
    """the definition that was asked about"""


def show_calls(
    common: Common,
    target: str,
    direction: "Direction",
    *,
    limit: int | None,
    form: str | None,
    view: str | None,
    update: bool,
) -> int:
    """Print who calls a name or a place, or what it calls; the exit code."""
    form = checked_format(common, form)
    most = limit or DEFAULT_LIMIT
    place = split_place(target)
    with opened(common, view=view) as index:
        where = None if place is None else (relative_path(place[0], common.repo, index.root), place[1])
        if update:
            refresh(index, common)
        began = time.perf_counter()
        if where is not None:
            found = [index.calls_at(*where, direction, limit=most)]
        elif direction == "callers":
            found = index.callers_of(target, limit=most)
        else:
            found = index.callees_of(target, limit=most)
        milliseconds = (time.perf_counter() - began) * 1000
        status = status_of(index, common, check=not update)
        root = index.root
    ends = list(_ends(found, direction))[:most]
    if form in ("json", "jsonl"):
        records = [_record(end) for end in ends]
        if form == "json":
            defined = [jsonout.place(calls.definition) for calls in found]
            head = {"name": target, "index": jsonout.index_block(status), "definitions": defined}
            jsonout.print_json({**head, "results": records})
        else:
            for record in records:
                jsonout.print_json_line(record)
            if doubt := doubts(status):
                common.screen.note(doubt)
    else:
        answer = Answer([end.hit for end in ends], [status], root, milliseconds)
        print_answer(answer, target, Shape(), common, form=form)
    for sentence in _told(found, target, direction, ends, common):
        common.screen.note(sentence)
    return Exit.DONE if ends else Exit.NOTHING_FOUND


def _ends(found: Sequence[Calls], direction: "Direction") -> Iterator[_End]:
    """All calls in order, one that may mean several of the definitions once."""
    seen = set()
    for calls in found:
        for call in calls.calls:
            hit, where = call.hit, calls.definition.path
            if direction == "callers":
                where = hit.path
                hit = _at_call(call)
            key = (hit.path, hit.start_line, where, call.line)
            if key not in seen:
                seen.add(key)
                yield _End(hit, call, where, calls.definition)


def _at_call(call: Call) -> Hit:
    from wherein.search.shown_line import column_of

    hit = replace(call.hit, line=call.line)
    return replace(hit, column=column_of(hit.title, call.name))


def _record(end: _End) -> dict[str, Any]:
    call = {"name": end.call.name, **jsonout.path_fields(end.where), "line": end.call.line}
    if end.call.through:
        call["through"] = jsonout.readable(end.call.through)
    return {**jsonout.result(end.hit), "call": call, "of": jsonout.place(end.of)}


def _told(
    found: Sequence[Calls], target: str, direction: "Direction", ends: Sequence[_End], common: Common
) -> Iterator[str]:
    """What an answer does not say, or leaves out."""
    name = shown_name(target)
    untold = sorted({calls.definition.language for calls in found if not calls.told})
    if untold:
        yield f"Calls cannot be found in {named(untold)}."
    through: dict[str, list[_End]] = {}
    for end in ends:
        if end.call.through:
            through.setdefault(end.call.through, []).append(end)
    for called, some in through.items():
        places = named([f"{each.where}:{each.call.line}" for each in some])
        yield f"Possibly, because {shown_name(called)} is called there: {shown_name(places)}"
    if len(found) > 1:
        others = [f"{each.definition.path}:{each.definition.line}" for each in found]
        yield f"{name} is defined more than once, and the calls of all of them are shown: {named(others)}."
    if unread := max((calls.unread for calls in found), default=0):
        yield f"{count(unread, 'more file')} that contain the name were not searched."
    if not ends and (elsewhere := list(dict.fromkeys(place for calls in found for place in calls.elsewhere))):
        yield f"Calls of this name are taken to be calls of {named(elsewhere)} (wherein callers {elsewhere[0]})."
    elif not ends and not untold and common.screen.watched:
        if not found:
            yield f"{name} is defined only in texts."
        elif direction == "callers":
            yield f"Nothing in the repository is known to call {name}."
        else:
            yield f"{name} is not known to call anything in the repository."
