"""Definitions of exactly one name, and the calls of each."""

from typing import Literal

from wherein.call import Calls
from wherein.errors import NotFound
from wherein.hit import Hit
from wherein.scopes import is_test
from wherein.search.calls.definition import definition
from wherein.search.calls.graph import CallGraph
from wherein.search.file_text import Files
from wherein.search.rank.kinds import TEXTS
from wherein.search.symbols import symbols
from wherein.store.protocol import Store

MOST_FOLLOWED = 10
"""Definitions of one name whose calls are looked for: `get` in a large repository has hundreds."""

NAMESAKES = 20
"""Definitions of one name that are looked at."""

SUGGESTED = 3

Direction = Literal["callers", "callees"]


def defined(store: Store, view: str, name: str, *, repository: str, files: Files | None = None) -> list[Hit]:
    """What defines just this name, code before texts. Raises NotFound, with names that are like it. With `files`, for
    their calls, the files that they are in are read."""
    found = symbols(store, view, name, repository=repository, limit=NAMESAKES, exact=True, files=files)
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
    files = Files(store, view)
    found = defined(store, view, name, repository=repository, files=files)
    code = [hit for hit in found if hit.kind not in TEXTS]
    # a test often bears the name of what it tests
    code = [hit for hit in code if not is_test(hit.path, hit.qualified_name)] or code
    graph = CallGraph(store, view, repository, files)
    return _calls(graph, files, _distinct(code)[:MOST_FOLLOWED], direction, limit)


def calls_at(
    store: Store, view: str, path: str, line: int, direction: Direction, *, repository: str, limit: int
) -> Calls:
    """The calls of the definition that covers a line. Raises ConfigError if nothing does."""
    files = Files(store, view)
    hit = definition(files, path, line, repository=repository)
    (calls,) = _calls(CallGraph(store, view, repository, files), files, [hit], direction, limit)
    return calls


def _calls(graph: CallGraph, files: Files, hits: list[Hit], direction: Direction, limit: int) -> list[Calls]:
    files.read(hit.path for hit in hits)
    chunks = [files.covering(hit.path, hit.line) for hit in hits]
    told = map(graph.tells, chunks)
    if direction == "callees":
        called = graph.callees(chunks, limit)
        return [Calls(hit, calls, told=tells) for hit, calls, tells in zip(hits, called, told, strict=True)]
    asked = [
        (chunk, frozenset({hit.symbol}) if hit.symbol != chunk.symbol and hit.symbol in chunk.names else None)
        for hit, chunk in zip(hits, chunks, strict=True)
    ]
    return [
        Calls(hit, found.calls, unread=found.unread, told=tells, elsewhere=found.elsewhere)
        for hit, found, tells in zip(hits, graph.callers(asked, limit), told, strict=True)
    ]


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Each definition once, though it is made known in one place (a declaration) and given in another of its file."""
    return list({(hit.path, hit.qualified_name, hit.line): hit for hit in hits}.values())
