"""A question put before a language model, which says what the code that answers it may look like (`--think`)."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from wherein.config.settings import Settings
from wherein.errors import EndpointUnreachable
from wherein.measured.recording import Facts, note
from wherein.quick_dataclass import dataclass
from wherein.redaction import without_passwords
from wherein.search.thought import Thought, thought_of
from wherein_server.explain import cache
from wherein_server.explain.defuse import restore
from wherein_server.explain.endpoint.chat import chat
from wherein_server.explain.endpoint.discover import discover
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import RolesRefused
from wherein_server.explain.prompt import Prompt
from wherein_server.explain.rendering import clean, words

LONGEST_QUESTION = 4_000
"""Characters."""

LONGEST_THOUGHT = 300
"""Tokens that the model may write: a few names, and a function of some fifteen lines."""


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a model thought, and who it was."""

    thought: Thought
    model: str
    base_url: str
    """without a password"""
    cached: bool


async def think(question: str, settings: Settings) -> Thinking:
    """Names and a sketch for a question. The question is all that is sent, no code. EndpointUnreachable."""
    endpoint = await discover(settings)
    began = time.monotonic()
    prompt = _prompt(question)
    key = cache.cache_key(endpoint.model, prompt.messages(), LONGEST_THOUGHT)
    kept = await asyncio.to_thread(cache.recall, endpoint.cache_folder, key) if endpoint.llm.cache else None
    facts: Facts = {"model": endpoint.model}
    if kept is not None:
        text = str(kept.get("text", ""))
        facts["cached"] = 1
    else:
        text, prompt_tokens, completion_tokens = await _asked(endpoint, prompt)
        facts |= {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
        if endpoint.llm.cache:
            await asyncio.to_thread(cache.keep, endpoint.cache_folder, key, {"text": text})
    note(settings, "think", "", 0.0 if kept is not None else time.monotonic() - began, facts)
    return Thinking(thought_of(text), endpoint.model, without_passwords(endpoint.base_url), kept is not None)


async def _asked(endpoint: Endpoint, prompt: Prompt) -> tuple[str, int, int]:
    """What the model says, and the tokens of question and answer. One that takes no system message is asked again
    without."""
    said: list[str] = []
    shorter = endpoint.of_length(LONGEST_THOUGHT)
    try:
        reply = await chat(shorter, prompt.messages(), said.append)
    except RolesRefused:
        said.clear()
        reply = await chat(shorter, prompt.messages(folded=True), said.append)
    return restore("".join(said)), reply.prompt_tokens or 0, reply.completion_tokens or 0


def thought_about(question: str, settings: Settings, say: Callable[[str], object]) -> Thinking | None:
    """`think`, from code that does not run in a loop. Who asked is told that a model was; where none can be, that the
    answer is without."""
    try:
        thinking = asyncio.run(think(question, settings))
    except EndpointUnreachable as problem:
        say(f"{problem.message} The question was searched as it stands.")
        return None
    said = told(thinking)
    say(said)
    return thinking


def told(thinking: Thinking) -> str:
    """One sentence: who thought, and which names."""
    names = ", ".join(thinking.thought.names) or "no names"
    again = " before" if thinking.cached else ""
    return f"{thinking.model} at {thinking.base_url} was asked{again} what the code may look like: {names}."


def as_data(thinking: Thinking) -> dict[str, Any]:
    """For JSON."""
    return {
        "model": thinking.model,
        "base_url": thinking.base_url,
        "cached": thinking.cached,
        "names": list(thinking.thought.names),
        "sketch": thinking.thought.sketch,
    }


def _prompt(question: str) -> Prompt:
    shown = words()["think"]
    return Prompt(shown["system"], shown["task"].format(question=clean(question[:LONGEST_QUESTION])))
