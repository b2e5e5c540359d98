"""Answers of a language model: from a target to the contract's JSON, streamed on the way."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from wherein.errors import (
    ConfigError,
    EndpointUnreachable,
    IndexMissing,
    NotFound,
)
from wherein.quick_dataclass import dataclass
from wherein.redaction import without_passwords
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import shown_name
from wherein_server.explain.inert import InertMarkdown, code_span, inert_name
from wherein_server.lsp.asking import CANNOT_BE_READ, once_indexed
from wherein_server.lsp.results import Block, index_block
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.show import link, show_markdown
from wherein_server.lsp.shown_file import Buffers, lines_location
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index
    from wherein_server.explain.answer import Answer
    from wherein_server.explain.citations import Citation
    from wherein_server.explain.context import Context
    from wherein_server.explain.conversation import Exchange
    from wherein_server.explain.targets import Target


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a model, of one repository."""

    served: Served
    target: "Target"
    question: str = ""
    """of a definition, instead of having it explained"""
    history: "tuple[Exchange, ...]" = ()
    left_out: tuple[str, ...] = ()
    """why other repositories were not looked at, a sentence each"""

    def context(self, index: "Index") -> "tuple[Context, Block]":
        """What the index has for it."""
        from wherein_server.explain.gather import gather

        told = index_block(index, self.served)
        return gather(index, self.target, question=self.question, history=self.history), told


async def prompted(server: WhereinServer, asked: Asked) -> dict[str, Any]:
    """What would be sent to the model; nothing is, and no server is looked for."""

    found, told = await _context(server, asked)

    def made() -> dict[str, Any]:
        from wherein_server.cli.explaining import prompt_tokens
        from wherein_server.explain.citations import cite
        from wherein_server.explain.prompt import fitted, make_prompt

        settings = asked.served.repository.settings
        context = fitted(found, prompt_tokens(settings))
        prompt = make_prompt(context)
        cited = _cited(asked.served, cite(context.snippets), server.buffers(), server.encoding)
        return {
            "target": shown_name(str(asked.target)),
            "messages": prompt.messages(),
            "estimated_tokens": prompt.tokens,
            "sources": cited,
            "notes": [shown_name(note) for note in (*context.notes, *asked.left_out)],
            "endpoint": {
                "base_url": without_passwords(settings.llm.base_url) if settings.llm.base_url else None,
                "model": settings.llm.model,
            },
            "index": told,
        }

    return await server.in_thread(made)


async def explained(server: WhereinServer, asked: Asked, call: Call, *, use_cache: bool) -> dict[str, Any]:
    """Ask the configured model about a target. What it writes is sent piece by piece as `{"text": …}`: Markdown in
    which nothing is a link, an image or HTML, and no character steers what is shown."""
    served = asked.served
    loop = asyncio.get_running_loop()
    stream = InertMarkdown()
    said: list[str] = []

    def say(text: str) -> None:
        if text:
            said.append(readable(text))
            if call.send_partial is not None:
                loop.call_soon_threadsafe(call.send_partial, {"text": said[-1]})

    def on_text(piece: str) -> None:
        say(stream.feed(piece))

    await server.in_thread(_prepare)
    settings = await server.in_thread(lambda: served.repository.settings)

    context, told = await _context(server, asked)

    async def talk() -> "Answer":
        from wherein_server.explain.answer import answer
        from wherein_server.explain.endpoint.discover import discover

        endpoint = await discover(settings)
        answered = await answer(context, endpoint, on_text=on_text, use_cache=use_cache)
        say(stream.finish())
        return replace(answered, text="".join(said))

    try:
        answered = await server.language_models.run(talk())
    except EndpointUnreachable as problem:
        served.state.model_fails(problem)
        raise
    if not answered.cached:
        served.state.model_answers(shown_name(answered.model))
    buffers, encoding = server.buffers(), server.encoding
    answered = replace(answered, notes=(*answered.notes, *asked.left_out))
    return await server.in_thread(_result, served, answered, told, buffers, encoding)


async def show_answer(server: WhereinServer, title: str, answer: dict[str, Any]) -> None:
    """The answer as a document, with its sources as links."""
    text = answer["text"].strip()  # inert already
    sources = "\n".join(f"{_source(each)}  " for each in answer["sources"])
    notes = "".join(f"\n> {inert_name(note)}\n" for note in answer["notes"])
    head = f"# {inert_name(title)}\n\n{text}\n{notes}"
    await show_markdown(
        server, title, f"{head}\n## Sources\n\n{sources}\n\n*{inert_name(answer['model'])}*\n"
    )


def best(asked: Sequence[Served], score: Callable[["Index"], float]) -> tuple[Served, tuple[str, ...]]:
    """The repository that knows most of what is asked, where several are open; and why others could not be looked at,
    which keeps none from being asked."""
    if len(asked) == 1:
        return asked[0], ()
    scores: dict[Served, float] = {}
    left_out: list[str] = []
    for served in asked:
        try:
            scores[served] = served.repository.reading(score)
        except CANNOT_BE_READ as problem:
            left_out.append(f"{served.repository.name} was not looked at: {problem.message}")
    if not scores:  # the first one says why, or is waited for
        return asked[0], ()
    return max(scores, key=scores.__getitem__), tuple(left_out)


async def _context(server: WhereinServer, asked: Asked) -> "tuple[Context, Block]":
    """What the index has for it; where that is nothing while files are being indexed, what it has after that."""
    read = partial(asked.served.repository.reading, asked.context)
    return await once_indexed(server, asked.served, read, (IndexMissing, NotFound, ConfigError))


def _prepare() -> None:
    """Import what takes long, in a thread."""
    import httpx2  # noqa: F401

    import wherein_server.explain.answer
    import wherein_server.explain.endpoint.discover
    import wherein_server.explain.gather  # noqa: F401


def _result(served: Served, answer: "Answer", told: Block, buffers: Buffers, encoding: str) -> dict[str, Any]:
    return {
        "text": answer.text,
        "citations": _cited(served, answer.citations, buffers, encoding),
        "sources": _cited(served, answer.sources, buffers, encoding),
        "dropped": list(answer.dropped),
        "notes": [shown_name(note) for note in answer.notes],
        "model": shown_name(answer.model),
        "usage": asdict(answer.usage),
        "timings": asdict(answer.timings),
        "cached": answer.cached,
        "index": told,
    }


def _cited(
    served: Served, citations: "Sequence[Citation]", buffers: Buffers, encoding: str
) -> list[dict[str, Any]]:
    return [
        {
            "n": each.n,
            "location": lines_location(
                served.repository, each.path, each.start_line, each.end_line, buffers, encoding
            ),
            "path": shown_name(each.path),
            "symbol": shown_name(each.symbol),
        }
        for each in citations
    ]


def _source(source: dict[str, Any]) -> str:
    name = f" {code_span(source['symbol'])}" if source["symbol"] else ""
    return f"\\[{source['n']}\\] {link(source['location'], source['path'])}{name}"
