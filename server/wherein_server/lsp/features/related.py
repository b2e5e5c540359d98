"""`wherein.related`, `wherein/related`: code similar to that at a position, or to a symbol's definition."""

from typing import TYPE_CHECKING, Any

from wherein.errors import NotFound
from wherein.hit import Hit
from wherein_server.lsp.arguments import PLACE_NAMES, Arguments, place
from wherein_server.lsp.asking import ask
from wherein_server.lsp.places import indexed_place
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.show import show_results
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = (*PLACE_NAMES, "symbol", "limit", "show")

DEFAULT_LIMIT = 10


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def related(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        limit = given.limit() or DEFAULT_LIMIT
        if "symbol" in given:
            name = given.text("symbol")
            asked = await server.served(given.value("uri"))

            def find(index: "Index", served: Served, most: int) -> list[Hit]:
                found = index.symbols(name, limit=1)
                return index.related(found[0].path, found[0].start_line, limit=most) if found else []

        else:
            at = place(given)
            asked = await server.served(at.uri)
            buffers = server.buffers()

            def find(index: "Index", served: Served, most: int) -> list[Hit]:
                path, line = indexed_place(served.repository, at, buffers)
                return index.related(path, line, limit=most)

        answer = await ask(server, asked, find, limit, call.send_partial)
        if "symbol" in given and not answer["results"] and answer["index"]["complete"]:
            raise NotFound(f"Nothing in the index defines {given.text('symbol')!r}.")
        if given.switch("show"):
            await show_results(server, "Similar code", answer["results"])
        return answer

    server.answers("related", "Finding similar code", related)
