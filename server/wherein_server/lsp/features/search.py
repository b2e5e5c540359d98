"""`wherein.search`, `wherein/search`: find code by what it does."""

from typing import TYPE_CHECKING, Any

from wherein.hit import Hit
from wherein_server.cli.patterns import checked_kinds, checked_query, patterns
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.asking import ask
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("query", "limit", "mode", "languages", "paths", "exclude", "kinds", "uri")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def search(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        said: list[str] = []
        query, limit, mode = given.text("query"), given.limit(), given.mode()
        languages, kinds = given.texts("languages"), checked_kinds(given.texts("kinds"))
        paths, exclude = given.texts("paths"), given.texts("exclude")

        def find(index: "Index", served: Served) -> list[Hit]:
            settings = served.repository.settings.search
            place = served.repository.place
            return index.search(
                checked_query(query, place),
                limit=limit or settings.limit,
                mode=mode or settings.mode,  # type: ignore[arg-type] # what is no mode is refused
                languages=languages,
                paths=patterns(paths, place),
                exclude=patterns(exclude, place),
                kinds=kinds,
                say=said.append,
            )

        asked = await server.served(given.value("uri"))
        most = limit or max(served.repository.settings.search.limit for served in asked)
        answer = await ask(server, asked, find, most, call.send_partial)
        return answer | {"notes": list(dict.fromkeys(said))}

    server.answers("search", "Searching", search)
