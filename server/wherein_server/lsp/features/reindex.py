"""`wherein.reindex`, `wherein/reindex`: updates the index now, or rebuilds it."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.results import Block, index_block, joined
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("force", "uri")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def reindex(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        force = given.switch("force")
        asked = await server.served(given.value("uri"))
        try:
            reports = await asyncio.gather(*(served.updater.update(force=force) for served in asked))
        except asyncio.CancelledError:
            for served in asked:
                served.updater.cancel()
            raise
        blocks = [await server.in_thread(_block, served) for served in asked]
        answer: dict[str, Any] = {"index": joined(blocks), "reports": [asdict(each) for each in reports]}
        return answer

    server.answers("reindex", "Indexing", reindex)


def _block(served: Served) -> Block:
    def read(index: "Index") -> Block:
        return index_block(index, served)

    return served.repository.reading(read)
