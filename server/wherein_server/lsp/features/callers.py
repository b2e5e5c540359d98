"""`wherein.callers`, `wherein/callers`: who calls the definition that is meant by a position, or those of a name."""

from typing import Any

from wherein_server.lsp.arguments import PLACE_NAMES
from wherein_server.lsp.called import answer_calls
from wherein_server.lsp.server import Call, WhereinServer

NAMES = (*PLACE_NAMES, "symbol", "limit", "show")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def callers(call: Call) -> dict[str, Any]:
        return await answer_calls(server, call, NAMES, "callers")

    server.answers("callers", "Finding callers", callers)
