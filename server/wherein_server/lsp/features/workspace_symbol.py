"""`workspace/symbol`: definitions in all open folders, from the index."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from wherein.errors import IndexMissing
from wherein.hit import Hit
from wherein_server.lsp.asking import ask
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

LIMIT = 100
"""Editors ask anew at each letter; nobody reads further."""


def register(server: WhereinServer) -> None:
    """Serve it."""

    @server.feature(types.WORKSPACE_SYMBOL)
    async def workspace_symbol(params: types.WorkspaceSymbolParams) -> list[dict[str, Any]]:
        name = params.query.strip()
        if not name:
            return []  # editors open their picker with nothing typed

        def find(index: "Index", served: Served, most: int) -> list[Hit]:
            return index.symbols(name, limit=most, alike=True)

        try:
            answer = await ask(server, await server.served(None), find, LIMIT)
        except IndexMissing:
            return []
        return [_symbol(result) for result in answer["results"]]


def _symbol(result: dict[str, Any]) -> dict[str, Any]:
    qualified, symbol = result["qualified_name"], result["symbol"]
    container = qualified[: -len(symbol)].rstrip(".:#/->") if symbol and qualified.endswith(symbol) else ""
    return {
        "name": symbol or qualified,
        "kind": result["symbolKind"],
        "containerName": f"{container} · {result['path']}" if container else result["path"],
        "location": {"uri": result["location"]["uri"], "range": _from_name(result)},
    }


def _from_name(result: dict[str, Any]) -> dict[str, Any]:
    """From the name, where editors put the cursor, to the end of the whole definition. A member ends by itself."""
    start = result["matches"][0]["start"]
    whole = result.get("definition", {}) if "part" in result else result["location"]["range"]
    end = whole.get("end", result["location"]["range"]["end"])
    return {"start": start, "end": max(end, start, key=lambda at: (at["line"], at["character"]))}
