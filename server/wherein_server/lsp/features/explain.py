"""`wherein.explain`, `wherein/explain`: explains a definition, with the code that it calls and that calls it."""

from typing import TYPE_CHECKING, Any

from wherein_server.lsp.answering import Asked, best, explained, prompted, show_answer
from wherein_server.lsp.arguments import PLACE_NAMES, Arguments, place
from wherein_server.lsp.history import history
from wherein_server.lsp.places import indexed_place
from wherein_server.lsp.server import Call, WhereinServer

if TYPE_CHECKING:
    from wherein import Index

NAMES = (*PLACE_NAMES, "symbol", "question", "history", "cache", "dry", "show")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def explain(call: Call) -> dict[str, Any]:
        from wherein_server.explain.targets import PlaceTarget, SymbolTarget, Target

        given = Arguments(call.arguments, NAMES)
        target: Target
        left_out: tuple[str, ...] = ()
        if "symbol" in given:
            name = given.text("symbol")
            asked = await server.served(given.value("uri"))

            def defines(index: "Index") -> float:
                return 1.0 if index.symbols(name, limit=1) else 0.0

            served, left_out = await server.in_thread(best, asked, defines)
            target = SymbolTarget(name)
        else:
            at = place(given)
            (served,) = await server.served(at.uri)
            target = PlaceTarget(
                *await server.in_thread(indexed_place, served.repository, at, server.buffers())
            )
        question = given.text("question") if "question" in given else ""
        about = Asked(served, target, question, history(given.value("history")), left_out)
        if given.switch("dry"):
            return await prompted(server, about)
        answer = await explained(server, about, call, use_cache=given.switch("cache", default=True))
        if given.switch("show"):
            await show_answer(server, question or f"Explanation of {target}", answer)
        return answer

    server.answers("explain", "Explaining", explain)
