"""`POST /api/v1/ask` and `/explain`: a language model's answer, as it is written (server-sent events).

Events: `sources` (what the numbers in the text stand for), `text` (a further piece), `done` (the model, notes), and
`error`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.responses import Response, StreamingResponse

from wherein.errors import WhereinError
from wherein.index import Index
from wherein_server.cli.explaining import prompt_tokens
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import shown
from wherein_server.explain.answer import answer
from wherein_server.explain.citations import Citation
from wherein_server.explain.context import Context
from wherein_server.explain.endpoint.discover import discover
from wherein_server.explain.gather import gather
from wherein_server.explain.targets import PlaceTarget, Question, SymbolTarget, Target
from wherein_server.serve.api.request import ApiRequest, path_of
from wherein_server.serve.api.request_shapes import AskBody, ExplainBody
from wherein_server.serve.refusal import Refusal, document, refusal

MOST_AT_ONCE = 4
"""Answers that are being written: a server of models serves few at a time."""

BEAT_SECONDS = 15.0
"""Between signs of life while a model reads: proxies end what is silent for a minute."""


class Answers:
    """Of one server."""

    def __init__(self) -> None:
        self._running = 0

    async def ask(self, asked: ApiRequest) -> Response:
        """A question about a repository."""
        wanted = await asked.body(AskBody)
        return await self._answer(asked, wanted.repo, Question(wanted.question))

    async def explain(self, asked: ApiRequest) -> Response:
        """A definition."""
        wanted = await asked.body(ExplainBody)
        if bool(wanted.name) == bool(wanted.line):
            raise Refusal(400, "Give a name, or a path and a line.")
        target: Target = (
            SymbolTarget(wanted.name) if wanted.name else PlaceTarget(path_of(wanted.path, ""), wanted.line)
        )
        return await self._answer(asked, wanted.repo, target)

    async def _answer(self, asked: ApiRequest, repository: str, target: Target) -> Response:
        if not asked.desk.answers:
            raise Refusal(
                404, "No language model answers here.", remedy="set llm.base_url where the server runs"
            )
        index = asked.library.index(asked.who, repository)
        if self._running >= MOST_AT_ONCE:
            raise Refusal(503, "The language model is busy.", remedy="ask again in a minute", wait=30)
        self._running += 1
        try:
            context = await asked.library.ask(lambda: self._gathered(asked, index, target))
        except BaseException:
            self._running -= 1
            raise
        return StreamingResponse(
            self._events(asked, context),
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no"},
        )

    @staticmethod
    def _gathered(asked: ApiRequest, index: Index, target: Target) -> Context:
        return gather(index, target, budget_tokens=prompt_tokens(asked.library.settings))

    async def _events(self, asked: ApiRequest, context: Context) -> AsyncIterator[bytes]:
        told: asyncio.Queue[bytes | None] = asyncio.Queue()
        running = asyncio.create_task(_told(asked, context, told))
        try:
            while True:
                try:
                    event = await asyncio.wait_for(told.get(), BEAT_SECONDS)
                except TimeoutError:
                    yield b": \n\n"
                    continue
                if event is None:
                    return
                yield event
        finally:
            self._running -= 1
            running.cancel()  # which closes the connection to the model where the reader has gone
            with suppress(asyncio.CancelledError):
                await running


async def _told(asked: ApiRequest, context: Context, told: "asyncio.Queue[bytes | None]") -> None:
    def on_sources(sources: tuple[Citation, ...]) -> None:
        told.put_nowait(_event("sources", {"sources": [_source(each) for each in sources]}))

    def on_text(piece: str) -> None:
        if clean := readable(shown(piece)):
            told.put_nowait(_event("text", {"text": clean}))

    try:
        made = await answer(
            context, await discover(asked.library.settings), on_text=on_text, on_sources=on_sources
        )
        done = {
            "model": readable(shown(made.model)),
            "cited": [each.n for each in made.citations],
            "cached": made.cached,
            "notes": [readable(shown(each)) for each in made.notes],
        }
        told.put_nowait(_event("done", done))
    except WhereinError as error:
        refused = refusal(error)
        asked.library.metrics.error(type(error).__name__)
        told.put_nowait(_event("error", document(refused.status, refused.message, refused.remedy)["error"]))
    except asyncio.CancelledError:
        raise
    except Exception as error:
        asked.library.metrics.error(type(error).__name__)
        told.put_nowait(
            _event("error", document(500, f"The answer was interrupted ({type(error).__name__}).")["error"])
        )
    finally:
        told.put_nowait(None)


def _source(each: Citation) -> dict[str, object]:
    return {
        "n": each.n,
        "path": readable(each.path),
        "start_line": each.start_line,
        "end_line": each.end_line,
        "symbol": readable(each.symbol),
    }


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
