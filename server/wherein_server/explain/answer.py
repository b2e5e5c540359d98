"""A context put before a model, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass

from wherein_server.explain.citations import Citation
from wherein_server.explain.context import Context
from wherein_server.explain.endpoint.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them; None where it did not."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds; of an answer from the cache, those of the time it was made."""

    first_text: float
    """until the first word"""
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, in Markdown, with every citation resolved."""

    text: str
    """exactly what `on_text` was given, joined"""
    citations: tuple[Citation, ...]
    """those in the text, in order of first mention"""
    sources: tuple[Citation, ...]
    """all that the model was shown"""
    dropped: tuple[int, ...]
    """numbers that the model cited and that stand for no source; they were taken out of the text"""
    model: str
    usage: Usage
    timings: Timings
    cached: bool
    notes: tuple[str, ...] = ()
    """sentences on what the answer is worth: cut at its longest, the prompt cut by the server, citations dropped"""


async def answer(
    context: Context, endpoint: Endpoint, *, on_text: Callable[[str], None], use_cache: bool = True
) -> Answer:
    """Ask the model; its text goes piece by piece to `on_text`, which runs on the event loop.

    Cancelling the task closes the connection at once, which frees the server. Raises EndpointUnreachable.
    """
    raise NotImplementedError
