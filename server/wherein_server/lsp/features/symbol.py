"""`wherein.symbol`, `wherein/symbol`: definitions by name."""

from typing import TYPE_CHECKING, Any

from wherein.hit import Hit
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
        within = given.filters()

        def find(index: "Index", served: Served, most: int) -> list[Hit]:
            return index.symbols(name, limit=most, **within)

        return await ask(server, await server.served(given.value("uri")), find, limit, call.send_partial)

    server.answers("symbol", "Looking up a name", symbol)
