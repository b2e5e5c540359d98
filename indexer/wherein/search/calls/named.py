"""The definitions of exactly one name, and the calls of what a name or a place means."""

from collections.abc import Sequence
from contextlib import suppress
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

MOST_CALLED = 500
"""Of what a definition calls, that is looked through for a name in it."""

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


class CallsAsked:
    """A question about calls in one direction, at most `limit` of each definition. What it takes to answer is read
    once."""

    def __init__(self, store: Store, view: str, direction: Direction, *, repository: str, limit: int) -> None:
        self._store = store
        self._view = view
        self._direction = direction
        self._repository = repository
        self._limit = limit
        self._files = Files(store, view)
        self._graph = CallGraph(store, view, repository, self._files)

    def of(self, name: str) -> list[Calls]:
        """The calls of each definition of a name in code, of the first MOST_FOLLOWED. Raises NotFound."""
        found = defined(self._store, self._view, name, repository=self._repository, files=self._files)
        code = [hit for hit in found if hit.kind not in TEXTS]
        # a test often bears the name of what it tests
        code = [hit for hit in code if not is_test(hit.path, hit.qualified_name)] or code
        return self._calls(_distinct(code)[:MOST_FOLLOWED])

    def at(self, path: str, line: int) -> Calls:
        """The calls of the definition that covers a line. Raises ConfigError if nothing does."""
        (calls,) = self._calls([self._around(path, line)])
        return calls

    def meant(self, path: str, line: int, name: str) -> tuple[str, list[Calls]]:
        """The calls of what a name in a line means, and what that is called: what is called there by this name, else
        what bears it, else the definition around the line. Raises ConfigError if nothing covers the line, NotFound if
        nothing can call what does."""
        around = self._around(path, line)
        if name and name != around.symbol:
            if called := self._called(around, name, line):
                return name, self._calls(called)
            with suppress(NotFound):
                if found := self.of(name):
                    return name, found
        if self._direction == "callers" and not around.symbol:
            raise NotFound(f"Line {line} of {path} is in no definition, so nothing can call it.")
        return around.qualified_name or f"{path}:{line}", self._calls([around])

    def _around(self, path: str, line: int) -> Hit:
        return definition(self._files, path, line, repository=self._repository)

    def _called(self, caller: Hit, name: str, line: int) -> list[Hit]:
        """What a definition calls by a name, in a line if it is called there."""
        (calls,) = self._graph.callees([self._files.covering(caller.path, caller.line)], MOST_CALLED)
        called = [call for call in calls if call.name == name]
        return [call.hit for call in called if call.line == line] or [call.hit for call in called]

    def _calls(self, hits: Sequence[Hit]) -> list[Calls]:
        graph, files = self._graph, self._files
        files.read(hit.path for hit in hits)
        chunks = [files.covering(hit.path, hit.line) for hit in hits]
        told = map(graph.tells, chunks)
        if self._direction == "callees":
            called = graph.callees(chunks, self._limit)
            return [
                Calls(hit, calls, told=tells) for hit, calls, tells in zip(hits, called, told, strict=True)
            ]
        asked = [
            (
                chunk,
                frozenset({hit.symbol}) if hit.symbol != chunk.symbol and hit.symbol in chunk.names else None,
            )
            for hit, chunk in zip(hits, chunks, strict=True)
        ]
        return [
            Calls(hit, found.calls, unread=found.unread, told=tells, elsewhere=found.elsewhere)
            for hit, found, tells in zip(hits, graph.callers(asked, self._limit), told, strict=True)
        ]


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Each definition once, though it is made known in one place (a declaration) and given in another of its file."""
    return list({(hit.path, hit.qualified_name, hit.line): hit for hit in hits}.values())
