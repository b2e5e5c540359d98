"""`wherein.ask`, `wherein/ask`: a question in words, answered from the code that a search for it finds."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from wherein.errors import ConfigError
from wherein_server.lsp.answering import Asked, best, explained, prompted, show_answer
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.history import first_uri, history
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("query", "question", "history", "uri", "cache", "dry", "show")


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def ask(call: Call) -> dict[str, Any]:
        from wherein_server.explain.targets import Question

        given = Arguments(call.arguments, NAMES)
        question = given.text("question" if "question" in given else "query")
        earlier = history(given.value("history"))

        def score(index: "Index") -> float:
            try:
                return max((hit.score for hit in index.search(question, limit=1, look=False)), default=0.0)
            except ConfigError:
                if earlier:  # "and why?" asks for what was shown before
                    return 0.0
                raise

        asked = await _asked(given)
        served, left_out = await server.in_thread(best, asked, score)
        about = Asked(served, Question(question), history=earlier, left_out=left_out)
        if given.switch("dry"):
            return await prompted(server, about)
        answer = await explained(server, about, call, use_cache=given.switch("cache", default=True))
        if given.switch("show"):
            await show_answer(server, question, answer)
        return answer

    async def _asked(given: Arguments) -> list[Served]:
        """Of several repositories that of the document, else that of the last answer."""
        before = first_uri(given.value("history"))
        if "uri" not in given and before is not None:
            with suppress(ConfigError):
                return await server.served(before)
        return await server.served(given.value("uri"))

    server.answers("ask", "Answering", ask)
