"""`wherein.ask`, `wherein/ask`: a question in words, answered from the code that a search for it finds."""

from typing import TYPE_CHECKING, Any

from wherein_server.lsp.answering import best, explained, show_answer
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.server import Call, WhereinServer

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("query", "question", "uri", "cache", "show")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def ask(call: Call) -> dict[str, Any]:
        from wherein_server.explain.targets import Question

        given = Arguments(call.arguments, NAMES)
        question = given.text("question" if "question" in given else "query")

        def score(index: "Index") -> float:
            return max((hit.score for hit in index.search(question, limit=1)), default=0.0)

        asked = await server.served(given.value("uri"))
        served = await server.in_thread(best, asked, score)
        answer = await explained(
            server, served, Question(question), call, use_cache=given.switch("cache", default=True)
        )
        if given.switch("show"):
            await show_answer(server, question, answer)
        return answer

    server.answers("ask", "Answering", ask)
