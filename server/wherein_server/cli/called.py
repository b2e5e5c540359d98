"""Prints the definitions at the other end of calls, as the lines of the calls."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wherein.call import Calls
from wherein_server.cli import jsonout
from wherein_server.cli.answer import print_answer
from wherein_server.cli.asking import Answer
from wherein_server.cli.call_ends import End, elsewhere, ends, nothing_known, told
from wherein_server.cli.exits import Exit
from wherein_server.cli.hits import Shape
from wherein_server.cli.options import Common, checked_format
from wherein_server.cli.paths import relative_path, split_place
from wherein_server.cli.session import opened, refresh, status_of
from wherein_server.cli.wording import doubts, named

if TYPE_CHECKING:
    from wherein.search.calls.named import Direction

DEFAULT_LIMIT = 20


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
        else:
            found = index.calls_of(target, direction, limit=most)
        milliseconds = (time.perf_counter() - began) * 1000
        status = status_of(index, common, check=not update)
        root = index.root
    shown = list(ends(found, direction))[:most]
    if form in ("json", "jsonl"):
        records = [_record(end) for end in shown]
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
        answer = Answer([end.hit for end in shown], [status], root, milliseconds)
        print_answer(answer, target, Shape(), common, form=form)
    for sentence in _told(found, target, direction, shown, common):
        common.screen.note(sentence)
    return Exit.DONE if shown else Exit.NOTHING_FOUND


def _record(end: End) -> dict[str, Any]:
    call = {"name": end.call.name, **jsonout.path_fields(end.where), "line": end.call.line}
    if end.call.through:
        call["through"] = jsonout.readable(end.call.through)
    return {**jsonout.result(end.hit), "call": call, "of": jsonout.place(end.of)}


def _told(
    found: Sequence[Calls], target: str, direction: "Direction", shown: Sequence[End], common: Common
) -> Iterator[str]:
    """What an answer does not say, or leaves out."""
    yield from told(found, target, shown)
    if not shown and (other := elsewhere(found)):
        yield f"Calls of this name are taken to be calls of {named(other)} (wherein callers {other[0]})."
    elif not shown and common.screen.watched and (nothing := nothing_known(found, target, direction)):
        yield nothing
