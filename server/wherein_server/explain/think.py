"""Asks a language model what the code that answers a question may look like (`--think`)."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from wherein import Index
from wherein.config.settings import Settings
from wherein.errors import EndpointUnreachable
from wherein.measured.recording import Facts, note, unnoted
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

LONGEST_THOUGHT = 200
"""Tokens that the model may write: a few names, and a function of some ten lines."""

ASKED_FOR_LANGUAGE = 10
"""Hits of the question alone, by which it is told in which language the answer is written."""

NEEDLESS = "No language model was asked: the question itself says enough about what must be found."


@dataclass(frozen=True, slots=True)
class Thinking:
    """What a model thought, and who it was."""

    thought: Thought
    model: str
    base_url: str
    """without a password"""
    cached: bool


async def think(question: str, language: str, settings: Settings) -> Thinking:
    """Names and a sketch, in a language, for a question. These two are all that is sent, no code. Raises
    EndpointUnreachable."""
    endpoint = await discover(settings)
    began = time.monotonic()
    prompt = _prompt(question, language)
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


def language_for(index: Index, question: str) -> str | None:
    """The language of most code that a question finds by itself, in which its answer is to be thought of. None if no
    model need think: the question says exactly what must be found, or is a long text, whose own names tell more. Fails
    as the search does."""
    from wherein.search.query import parse
    from wherein.search.search import worth_a_look
    from wherein.search.thought import leaves_open

    asked = parse(question)
    if asked.told is not None or not (leaves_open(asked) and worth_a_look(asked)):
        return None
    with unnoted():
        hits = index.search(question, limit=ASKED_FOR_LANGUAGE, scopes=["code"], look=False)
    languages = Counter(hit.language for hit in hits)
    return languages.most_common(1)[0][0] if languages else ""


def thought_about(
    index: Index, question: str, settings: Settings, say: Callable[[str], object]
) -> Thinking | None:
    """`think`, from code that does not run in a loop. Who asked is told that a model was; where none can be, or need
    be, that the answer is without."""
    language = language_for(index, question)
    if language is None:
        say(NEEDLESS)
        return None
    try:
        thinking = asyncio.run(think(question, language, settings))
    except EndpointUnreachable as problem:
        say(f"{problem.message} The question was searched for as it is.")
        return None
    said = told(thinking)
    say(said)
    return thinking


def told(thinking: Thinking) -> str:
    """One sentence: who thought, and which names."""
    names = ", ".join(thinking.thought.names) or "no names"
    again = " before" if thinking.cached else ""
    return f"{thinking.model} at {thinking.base_url} was asked{again} what the code might look like: {names}."


def as_data(thinking: Thinking) -> dict[str, Any]:
    """For JSON."""
    return {
        "model": thinking.model,
        "base_url": thinking.base_url,
        "cached": thinking.cached,
        "names": list(thinking.thought.names),
        "sketch": thinking.thought.sketch,
    }


def _prompt(question: str, language: str) -> Prompt:
    shown = words()["think"]
    task, unknown = shown["task"], shown["unknown"]
    examples = tuple((task.format(**example), example["answer"]) for example in shown["example"])
    asked = task.format(language=clean(language) or unknown, question=clean(question[:LONGEST_QUESTION]))
    return Prompt(shown["system"], asked, examples)
