"""`workspace/symbol`: definitions in all open folders, from the index."""

import tomllib
from functools import cache
from importlib.resources import files
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

LARGEST_GAP = 3
"""Lines from the end of one part of a definition to the next: blank lines between belong to neither."""


def register(server: WhereinServer) -> None:
    """Serve it."""

    @server.feature(types.WORKSPACE_SYMBOL)
    async def workspace_symbol(params: types.WorkspaceSymbolParams) -> list[dict[str, Any]]:
        name = params.query.strip()
        if not any(character.isalnum() or character == "_" for character in name):
            return []  # editors open their picker with nothing typed

        def find(index: "Index", served: Served) -> list[Hit]:
            return index.symbols(name, limit=LIMIT)

        try:
            answer = await ask(server, await server.served(None), find, LIMIT)
        except IndexMissing:
            return []
        return [_symbol(result) for result in _whole(answer["results"])]


def _whole(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A long definition is several chunks: one entry, from the first line to the last."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for result in results:
        key = (result["location"]["uri"], result["qualified_name"], result["kind"])
        found.setdefault(key, []).append(result)
    firsts = {id(first): (first, ends) for parts in found.values() for first, ends in _joined(parts)}
    whole = []
    for result in results:
        if id(result) in firsts:
            first, end = firsts[id(result)]
            span = {**first["location"]["range"], "end": end}
            whole.append({**first, "location": {**first["location"], "range": span}})
    return whole


def _joined(parts: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The first of each run of chunks that follow each other, with the end of the run's last."""
    runs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for part in sorted(parts, key=lambda part: int(part["location"]["range"]["start"]["line"])):
        span = part["location"]["range"]
        if runs and span["start"]["line"] - runs[-1][1]["line"] <= LARGEST_GAP:
            runs[-1] = (runs[-1][0], span["end"])
        else:
            runs.append((part, span["end"]))
    return runs


def _symbol(result: dict[str, Any]) -> dict[str, Any]:
    qualified, symbol = result["qualified_name"], result["symbol"]
    container = qualified[: -len(symbol)].rstrip(".:#/->") if symbol and qualified.endswith(symbol) else ""
    return {
        "name": symbol or qualified,
        "kind": _kinds().get(result["kind"], types.SymbolKind.Variable.value),
        "containerName": f"{container} · {result['path']}" if container else result["path"],
        "location": result["location"],
    }


@cache
def _kinds() -> dict[str, int]:
    """Our kinds → LSP's numbers."""
    table = tomllib.loads(files("wherein_server.lsp").joinpath("symbol_kinds.toml").read_text("utf-8"))
    return {kind: types.SymbolKind[name].value for kind, name in table["kinds"].items()}
