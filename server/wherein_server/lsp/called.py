"""Who calls a definition, or what it calls: one answer for a place, or for a name in every repository that is open."""

from typing import TYPE_CHECKING, Any

from wherein.call import Calls
from wherein.errors import NotFound
from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein.search.shown_line import column_of
from wherein_server.cli.call_ends import End, elsewhere, ends, nothing_known, told
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.cli.wording import named
from wherein_server.lsp.arguments import Arguments, place
from wherein_server.lsp.asking import answered
from wherein_server.lsp.places import indexed_place, name_at
from wherein_server.lsp.results import naming, result
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.show import show_results
from wherein_server.lsp.shown_file import Buffers, ShownFile, lines_location, saved_lines
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index
    from wherein.search.calls.named import Direction

DEFAULT_LIMIT = 50

TITLES = {"callers": "Callers of {}", "callees": "Called by {}"}


@dataclass(frozen=True, slots=True)
class _Told:
    """What one repository tells beside its results."""

    name: str
    """of what was asked about"""
    definitions: list[dict[str, Any]]
    notes: list[str]


async def answer_calls(
    server: WhereinServer, call: Call, names: tuple[str, ...], direction: "Direction"
) -> dict[str, Any]:
    """The answer of `wherein.callers` and `wherein.callees`."""
    given = Arguments(call.arguments, names)
    limit = given.limit() or DEFAULT_LIMIT
    symbol = given.text("symbol") if "symbol" in given else None
    at = place(given) if symbol is None else None
    asked = await server.served(given.value("uri") if at is None else at.uri)
    buffers, encoding = server.buffers(), server.encoding
    parts: dict[Served, _Told] = {}
    unknown: list[NotFound] = []

    def find(index: "Index", served: Served, most: int) -> tuple[str, list[Calls]]:
        if symbol is not None:
            return symbol, index.calls_of(symbol, direction, limit=most)
        assert at is not None
        where = indexed_place(served.repository, at, buffers)
        name = name_at(served.repository, at, buffers, encoding)
        return index.calls_meant(*where, name, direction, limit=most)

    def make(index: "Index", served: Served, most: int) -> list[dict[str, Any]]:
        try:
            name, found = find(index, served, most)
        except NotFound as problem:  # of several repositories another one may define it
            unknown.append(problem)
            return []
        several = list(ends(found, direction))[:most]
        definitions = [_definition(served, each.definition, buffers, encoding) for each in found]
        parts[served] = _Told(name, definitions, _notes(found, name, direction, several[:limit]))
        return [_result(served, end, direction, buffers, encoding) for end in several]

    answer = await answered(server, asked, make, limit, call.send_partial)
    if not parts and unknown and answer["index"]["complete"]:
        raise NotFound(unknown[0].message)  # its remedy is a command of the terminal
    name = next((part.name for part in parts.values()), symbol or "")
    answer |= {
        "target": readable(name),
        "definitions": [each for part in parts.values() for each in part.definitions],
        "notes": list(dict.fromkeys(note for part in parts.values() for note in part.notes)),
    }
    if given.switch("show"):
        await show_results(server, TITLES[direction].format(name), answer["results"])
    return answer


def _notes(found: list[Calls], name: str, direction: "Direction", shown: list[End]) -> list[str]:
    notes = list(told(found, name, shown))
    if not shown:
        if other := elsewhere(found):
            notes.append(f"Calls of this name are taken to be calls of {named(other)}.")
        else:
            notes.append(nothing_known(found, name, direction))
    return [sentence(note) for note in notes if note]


def _result(
    served: Served, end: End, direction: "Direction", buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """A definition at the other end, with the call. A caller's first match is the name in the call."""
    repository = served.repository
    made = result(repository, end.hit, buffers, encoding)
    text = end.hit.title
    if direction == "callees":
        saved = saved_lines(repository, end.where) or []
        text = saved[end.call.line - 1] if end.call.line <= len(saved) else ""
    start = column_of(text, end.call.name) - 1
    file = ShownFile(repository, end.where, buffers, encoding)
    span = file.within(end.call.line, text, start, start + len(end.call.name))
    if direction == "callers":
        made["matches"] = [span]
    call: dict[str, Any] = {"name": readable(end.call.name), "location": {"uri": file.uri, "range": span}}
    if end.call.through:
        call["through"] = readable(end.call.through)
    return made | {"call": call}


def _definition(served: Served, hit: Hit, buffers: Buffers, encoding: str) -> dict[str, Any]:
    location = lines_location(served.repository, hit.path, hit.start_line, hit.end_line, buffers, encoding)
    return {"location": location, **naming(hit)}
