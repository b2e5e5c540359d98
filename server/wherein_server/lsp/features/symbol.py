"""`wherein.symbol`, `wherein/symbol`: definitions by name."""

from typing import TYPE_CHECKING, Any

from wherein.hit import Hit
from wherein.scopes import checked_scopes
from wherein_server.cli.patterns import checked_kinds
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.asking import ask
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("name", "symbol", "query", "limit", "languages", "kinds", "scopes", "uri")

DEFAULT_LIMIT = 50


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def symbol(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        name = given.text(next((each for each in ("symbol", "query") if each in given), "name"))
        limit = given.limit() or DEFAULT_LIMIT
        languages, kinds = given.texts("languages"), checked_kinds(given.texts("kinds"))
        scopes = checked_scopes(given.texts("scopes"))

        def find(index: "Index", served: Served, most: int) -> list[Hit]:
            return index.symbols(name, limit=most, languages=languages, kinds=kinds, scopes=scopes)

        return await ask(server, await server.served(given.value("uri")), find, limit, call.send_partial)

    server.answers("symbol", "Looking up a name", symbol)
