"""Our kinds of chunks as LSP's numbers."""

import tomllib
from functools import cache

from lsprotocol import types

from wherein.packaged import files


def symbol_kind(kind: str) -> int:
    """LSP's SymbolKind of one of our kinds."""
    return _kinds().get(kind, types.SymbolKind.Variable.value)


@cache
def _kinds() -> dict[str, int]:
    table = tomllib.loads(files("wherein_server.lsp").joinpath("symbol_kinds.toml").read_text("utf-8"))
    return {kind: types.SymbolKind[name].value for kind, name in table["kinds"].items()}
