"""Puts a context before a model, and returns its answer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wherein.measured.recording import Facts, note
from wherein.quick_dataclass import dataclass
from wherein_server.explain import cache
from wherein_server.explain.citations import Citation, CitationFilter, cite
from wherein_server.explain.context import Context
from wherein_server.explain.defuse import restore
from wherein_server.explain.endpoint.chat import Reply, chat
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import Overflow, RolesRefused
from wherein_server.explain.prompt import Prompt, fitted, make_prompt, overhead_of

MOST_BYTES_PER_TOKEN = 7
"""Text has some 4 bytes a token; a server that counts fewer tokens than this implies has cut the prompt."""

WINDOW_MARGIN = 0.95
"""The share of a reported window that a second prompt may take, because counts are not exact to the token."""

UNTOLD_OVERFLOW = 0.5
"""The share of the first prompt that the second one takes, if the server does not say how long its window is."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None if it did not."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds; for a cached answer, those of the time when it was made."""

    first_text: float
    """until the first word"""
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer, in Markdown, with every citation resolved."""

    text: str
    """exactly what `on_text` was given, joined"""
    citations: tuple[Citation, ...]
    """those in the text, in order of first mention"""
    sources: tuple[Citation, ...]
    """everything that the model was shown"""
    dropped: tuple[int, ...]
    """numbers that the model cited and that stand for no source; they were removed from the text"""
    model: str
    usage: Usage
    timings: Timings
    cached: bool
    notes: tuple[str, ...] = ()
    """sentences about what the answer is worth: cut at its maximum length, prompt cut by the server, citations
    dropped"""


async def answer(
    context: Context,
    endpoint: Endpoint,
    *,
    on_text: Callable[[str], None],
    on_sources: Callable[[tuple[Citation, ...]], None] | None = None,
    use_cache: bool = True,
) -> Answer:
    """Ask the model, showing it as much of the context as its window takes. `on_sources` first gets what the numbers in
    the text stand for, then `on_text` gets the text, piece by piece; both run on the event loop.

    Cancelling the task closes the connection at once, which frees the server. A prompt that turns out too long is
    packed again for the window that the server reports, once; a system message that is refused is folded into the
    user's, once. Raises EndpointUnreachable.
    """
    use_cache = use_cache and endpoint.llm.cache
    context = fitted(context, endpoint.prompt_tokens)
    shrunk = folded = False
    while True:
        attempt = _Attempt(context, endpoint, on_text)
        if on_sources is not None:
            on_sources(attempt.sources)
        try:
            made = await attempt.made(folded=folded, use_cache=use_cache)
            _note(made, endpoint)
            return made
        except Overflow as overflow:
            if shrunk or attempt.said:
                raise
            shrunk = True
            if overflow.window is not None:
                endpoint = replace(endpoint, window=overflow.window)
            context = context.within(_second_budget(overflow, attempt.prompt, context, endpoint))
        except RolesRefused:
            if folded or attempt.said:
                raise
            folded = True


class _Attempt:
    """One prompt and its answer."""

    def __init__(self, context: Context, endpoint: Endpoint, on_text: Callable[[str], None]) -> None:
        self.prompt = make_prompt(context)
        self.sources = cite(context.snippets)
        self.said: list[str] = []
        self._context = context
        self._endpoint = endpoint
        self._on_text = on_text
        self._filter = CitationFilter({snippet.n for snippet in context.snippets})

    async def made(self, *, folded: bool, use_cache: bool) -> Answer:
        endpoint = self._endpoint
        messages = self.prompt.messages(folded=folded)
        key = cache.cache_key(endpoint.model, messages, endpoint.max_tokens)
        folder = endpoint.cache_folder
        if use_cache and (kept := await asyncio.to_thread(cache.recall, folder, key)):
            return self._from_cache(kept)
        began = time.monotonic()
        loop_began = asyncio.get_running_loop().time()
        reply = await chat(endpoint, messages, self._take)
        self._say(self._filter.finish())
        first = (reply.first_text or loop_began) - loop_began
        made = self._answer(reply, Timings(first, time.monotonic() - began))
        if use_cache and reply.finish != "length":
            await asyncio.to_thread(cache.keep, folder, key, _record(made))
        return made

    def _take(self, piece: str) -> None:
        self._say(self._filter.feed(restore(piece)))

    def _say(self, text: str) -> None:
        if text:
            self.said.append(text)
            self._on_text(text)

    def _answer(self, reply: Reply, timings: Timings) -> Answer:
        by_number = {source.n: source for source in self.sources}
        return Answer(
            text="".join(self.said),
            citations=tuple(by_number[n] for n in self._filter.cited),
            sources=self.sources,
            dropped=tuple(self._filter.dropped),
            model=self._endpoint.model,
            usage=Usage(reply.prompt_tokens, reply.completion_tokens),
            timings=timings,
            cached=False,
            notes=(*self._context.notes, *self._notes(reply)),
        )

    def _notes(self, reply: Reply) -> list[str]:
        notes = []
        if self._filter.dropped:
            numbers = ", ".join(f"[{n}]" for n in self._filter.dropped)
            notes.append(
                f"The answer cited {numbers}, which is not the number of a source; that was removed."
            )
        elif not self._filter.cited:
            notes.append("The answer cites no source: check it against those listed.")
        if reply.finish == "length":
            notes.append("The answer was cut off at its maximum length; llm.max_tokens allows more.")
        if reply.prompt_tokens and self.prompt.bytes > reply.prompt_tokens * MOST_BYTES_PER_TOKEN:
            notes.append(
                f"The server seems to have read only a part of the prompt ({reply.prompt_tokens:,} tokens of "
                f"{self.prompt.bytes:,} bytes): its context window is smaller than llm.context_tokens says."
            )
        return notes

    def _from_cache(self, kept: dict[str, Any]) -> Answer:
        """The same answer, cited again: the sources are those of this context."""
        text = str(kept.get("text", ""))
        self._say(self._filter.feed(text))
        self._say(self._filter.finish())
        reply = Reply(
            prompt_tokens=kept.get("prompt_tokens"),
            completion_tokens=kept.get("completion_tokens"),
            finish="stop",
        )
        made = self._answer(reply, Timings(kept.get("first_text", 0.0), kept.get("total", 0.0)))
        dropped = tuple(kept.get("dropped", ()))
        return replace(made, cached=True, dropped=dropped, notes=tuple(kept.get("notes", ())))


def _note(made: Answer, endpoint: Endpoint) -> None:
    """Record what the answer took, for `wherein stats`; a cached one costs nothing."""
    facts: Facts = {"model": made.model, "first": round(made.timings.first_text, 6)}
    if made.cached:
        facts["cached"] = 1
    else:
        facts["prompt_tokens"] = made.usage.prompt_tokens or 0
        facts["completion_tokens"] = made.usage.completion_tokens or 0
    note(endpoint.settings, "answer", "", 0.0 if made.cached else made.timings.total, facts)


def _record(made: Answer) -> dict[str, Any]:
    return {
        "text": made.text,
        "dropped": list(made.dropped),
        "prompt_tokens": made.usage.prompt_tokens,
        "completion_tokens": made.usage.completion_tokens,
        "first_text": made.timings.first_text,
        "total": made.timings.total,
        "notes": list(made.notes),
    }


def _second_budget(overflow: Overflow, prompt: Prompt, context: Context, endpoint: Endpoint) -> int:
    """What the snippets may take, in estimated tokens, given how long the window turned out to be and how far off the
    estimate was."""
    fixed = overhead_of(context)
    if overflow.window is None:
        return int((prompt.tokens - fixed) * UNTOLD_OVERFLOW)
    off = (overflow.prompt_tokens or prompt.tokens) / prompt.tokens
    room = overflow.window * WINDOW_MARGIN - endpoint.max_tokens
    return max(0, int(room / max(off, 0.1)) - fixed)
