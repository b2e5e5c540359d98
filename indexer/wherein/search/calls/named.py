"""Definitions of just one name, and the calls of each."""

from typing import Literal

from wherein.call import Calls
from wherein.errors import NotFound
from wherein.hit import Hit
from wherein.search.calls.definition import covering, definition
from wherein.search.calls.graph import CallGraph
from wherein.search.rank.kinds import TEXTS
from wherein.search.symbols import symbols
from wherein.store.protocol import Store

MOST_FOLLOWED = 10
"""Definitions of one name whose calls are looked for: `get` in a large repository has hundreds."""

NAMESAKES = 20
"""Definitions of one name that are looked at."""

SUGGESTED = 3

Direction = Literal["callers", "callees"]


def defined(store: Store, view: str, name: str, *, repository: str) -> list[Hit]:
    """What defines just this name, code before texts. NotFound, with names that are like it."""
    found = symbols(store, view, name, repository=repository, limit=NAMESAKES, exact=True)
    if found:
        return found
    like = symbols(store, view, name, repository=repository, limit=SUGGESTED)
    near = dict.fromkeys(hit.qualified_name for hit in like if hit.kind not in TEXTS)
    there_is = f"; there is {', '.join(near)}" if near else ""
    raise NotFound(
        f"Nothing in the index defines {name}{there_is}.",
        remedy=f'wherein search "where is {name} …", or wherein symbol {name}',
    )


def calls_of(
    store: Store, view: str, name: str, direction: Direction, *, repository: str, limit: int
) -> list[Calls]:
    """The calls of each definition of a name in code, at most `limit` each, of the first MOST_FOLLOWED."""
    code = [hit for hit in defined(store, view, name, repository=repository) if hit.kind not in TEXTS]
    graph = CallGraph(store, view, repository)
    return [_calls(store, view, graph, hit, direction, limit) for hit in _distinct(code)[:MOST_FOLLOWED]]


def calls_at(
    store: Store, view: str, path: str, line: int, direction: Direction, *, repository: str, limit: int
) -> Calls:
    """The calls of the definition that covers a line. ConfigError where nothing does."""
    hit = definition(store, view, path, line, repository=repository)
    return _calls(store, view, CallGraph(store, view, repository), hit, direction, limit)


def _calls(store: Store, view: str, graph: CallGraph, hit: Hit, direction: Direction, limit: int) -> Calls:
    chunk = covering(store, view, hit.path, hit.line)
    if direction == "callees":
        return Calls(hit, graph.callees(chunk, limit), told=graph.tells(chunk))
    member = frozenset({hit.symbol}) if hit.symbol != chunk.symbol and hit.symbol in chunk.names else None
    calls = graph.callers(chunk, limit, names=member)
    return Calls(hit, calls, unread=graph.unread, told=graph.tells(chunk))


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Each definition once, though it is made known in one place (a declaration) and given in another of its file."""
    return list({(hit.path, hit.qualified_name, hit.line): hit for hit in hits}.values())
