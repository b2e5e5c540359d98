"""`wherein.changed`, `wherein/changed`: definitions that changed on this branch, or since a revision."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from wherein.changed import Change
from wherein.errors import ConfigError, WhereinError
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.asking import once_indexed
from wherein_server.lsp.results import Block, index_block, joined
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.shown_file import Buffers, lines_location
from wherein_server.lsp.symbol_kinds import symbol_kind
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("since", "uri", "here", "limit")

DEFAULT_LIMIT = 200

Part = tuple[Block, dict[str, Any], list[dict[str, Any]], bool]
"""What the index tells of itself, what it was compared with, results, and whether there are more."""


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def changed(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        since = given.text("since") if "since" in given else None
        limit = given.limit() or DEFAULT_LIMIT
        here = given.text("uri") if given.switch("here") else None
        asked = await server.served(given.value("uri"))
        buffers, encoding = server.buffers(), server.encoding
        parts: list[Part] = []
        problems: list[WhereinError] = []
        for served in asked:
            try:
                read = partial(_part, served, since, here, limit, buffers, encoding)
                parts.append(await once_indexed(server, served, read))
            except ConfigError as problem:  # of several folders some may be outside of git
                problems.append(problem)
        if not parts:
            raise problems[0]
        results = [each for part in parts for each in part[2]]
        return {
            "index": joined([part[0] for part in parts]),
            "since": parts[0][1] if len(parts) == 1 else None,
            "results": results[:limit],
            "more": len(results) > limit or any(part[3] for part in parts),
            "notes": [problem.message for problem in problems],
        }

    server.answers("changed", "Looking at what changed", changed)


def _part(
    served: Served, since: str | None, here: str | None, limit: int, buffers: Buffers, encoding: str
) -> Part:
    repository = served.repository
    path = None if here is None else repository.path(here)

    def read(index: "Index") -> Part:
        told = index_block(index, served)
        before, changes = index.changed_since(since)
        kept: Sequence[Change] = [each for each in changes if path is None or each.path == path]
        results = [_result(served, index.repository, each, buffers, encoding) for each in kept[:limit]]
        block = {"revision": readable(before.revision), "commit": before.commit}
        return told, block, results, len(kept) > limit

    return repository.reading(read)


def _result(served: Served, name: str, change: Change, buffers: Buffers, encoding: str) -> dict[str, Any]:
    gone = change.how == "removed"
    span = change.path, change.start_line, change.end_line
    return {
        "change": change.how,
        "location": None if gone else lines_location(served.repository, *span, buffers, encoding),
        "repository": readable(name),
        "path": readable(change.path),
        "start_line": change.start_line,
        "end_line": change.end_line,
        "symbol": readable(change.symbol),
        "qualified_name": readable(change.qualified_name),
        "kind": change.kind,
        "symbolKind": symbol_kind(change.kind),
        "language": change.language,
    }
