"""One question to a server, its answer streamed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wherein.errors import EndpointUnreachable
from wherein.quick_dataclass import dataclass
from wherein_server.explain.endpoint.connection import connect, read_body
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import (
    BrokenOff,
    Busy,
    NoEndpoint,
    NothingSaid,
    NotUnderstood,
    OptionRefused,
    Stalled,
    failure,
)

if TYPE_CHECKING:
    import httpx2

TEMPERATURE = 0.15
"""What Mistral recommends for its models if facts matter."""

AGAIN_AFTER = (0.5, 1.0, 2.0, 4.0)
"""Seconds before a refused connection or a 503 is tried again; the last one repeats for as long as the first word may
be waited for."""

REFUSED_TRIES = 2
"""A server that is being restarted is back soon; one that does not run never comes."""

BYTES_PER_TOKEN = 32
"""No token of text is longer. This stops a server that ignores `max_tokens`."""


@dataclass(slots=True)
class Reply:
    """What came back besides the text."""

    text_bytes: int = 0
    first_text: float | None = None
    """when the first word came, on the event loop's clock"""
    finish: str = ""
    """`stop`, `length`, or whatever else the server calls it"""
    ended: bool = False
    """whether the server said that the answer is complete"""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    thought: bool = False
    """whether the model also wrote something that is not part of its answer"""


async def chat(
    endpoint: Endpoint, messages: Sequence[Mapping[str, str]], on_text: Callable[[str], None]
) -> Reply:
    """Ask once; `on_text` gets the text as it arrives. Cancelling closes the connection, which ends the server's work.

    A refused connection and a server that is not ready are tried again, as long as nothing was said. Raises
    EndpointUnreachable.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + endpoint.llm.first_token_timeout
    options: dict[str, Any] = {"stream_options": {"include_usage": True}}
    async with await connect(
        endpoint.base_url, api_key=endpoint.llm.api_key if _is_configured(endpoint) else None
    ) as client:
        tries = 0
        while True:
            reply = Reply()
            try:
                await _ask(client, endpoint, _request(endpoint, messages) | options, on_text, reply, deadline)
            except OptionRefused:
                if not options:
                    raise
                options = {}
            except (NoEndpoint, Busy) as problem:
                pause = AGAIN_AFTER[min(tries, len(AGAIN_AFTER) - 1)]
                tries += 1
                refused = isinstance(problem, NoEndpoint) and tries > REFUSED_TRIES
                if reply.text_bytes or refused or loop.time() + pause > deadline:
                    raise
                await asyncio.sleep(pause)
            else:
                return reply


def _is_configured(endpoint: Endpoint) -> bool:
    """A key is only for the server that it was configured with."""
    given = endpoint.llm.base_url
    return given is not None and endpoint.base_url in (given, f"{given}/v1")


def _request(endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    return {
        "model": endpoint.model,
        "messages": list(messages),
        "max_tokens": endpoint.max_tokens,
        "temperature": TEMPERATURE,
        "stream": True,
    }


async def _ask(
    client: "httpx2.AsyncClient",
    endpoint: Endpoint,
    request: Mapping[str, Any],
    on_text: Callable[[str], None],
    reply: Reply,
    deadline: float,
) -> None:
    import httpx2

    url = endpoint.base_url
    try:
        async with asyncio.timeout_at(deadline) as watch:
            async with client.stream("POST", f"{url}/chat/completions", json=request) as response:
                async for event in _events(response, url):
                    said = _take(event, reply, url)
                    if said:
                        _check_length(reply, said, endpoint)
                        on_text(said)
                    if reply.text_bytes or reply.thought:
                        watch.reschedule(asyncio.get_running_loop().time() + endpoint.llm.idle_timeout)
    except TimeoutError:
        if reply.text_bytes or reply.thought:
            raise Stalled(
                f"The language model fell silent for {endpoint.llm.idle_timeout} s in the middle of its answer.",
                remedy="try again, or set llm.idle_timeout",
            ) from None
        raise Stalled(
            f"The language model said nothing for {endpoint.llm.first_token_timeout} s.",
            remedy="a smaller model answers sooner; llm.first_token_timeout says how long to wait",
        ) from None
    except (httpx2.ConnectError, httpx2.ConnectTimeout):
        raise NoEndpoint(
            f"The language model's server at {url} no longer answers.", remedy="start it"
        ) from None
    except httpx2.SSEError:
        raise NotUnderstood(f"The answer of {url} is not a stream of events.") from None
    except (httpx2.TransportError, httpx2.DecodingError, OSError):
        raise _broken_off(url) from None
    _check_end(reply, endpoint)


async def _events(response: "httpx2.Response", url: str) -> AsyncIterator[Any]:
    """The JSON of each event of an answer, or of an answer in one piece. Raises an error if it is not an answer."""
    import httpx2

    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code != 200:
        raise failure(url, response.status_code, await read_body(response))
    if kind == "application/json":
        yield _parsed(await read_body(response), url)
        return
    if kind != "text/event-stream":
        raise NotUnderstood(
            f"{url} answers with {kind or 'something untyped'}: it is not an OpenAI-compatible server.",
            remedy="set llm.base_url, which usually ends with /v1",
        )
    async for event in httpx2.EventSource(response):
        if event.data.strip() == "[DONE]":
            yield None
            return
        if event.data:
            yield _parsed(event.data, url)


def _parsed(data: str, url: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise NotUnderstood(f"The answer of {url} is not valid: {' '.join(data[:60].split())}")
    if document.get("error") or (
        "choices" not in document and (document.get("detail") or document.get("message"))
    ):
        raise failure(url, 200, data)
    return document


def _take(event: dict[str, Any] | None, reply: Reply, url: str) -> str:
    """Note what an event says, and return its text."""
    if event is None:
        reply.ended = True
        return ""
    said = []
    choices = event.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if not isinstance(choice, dict):
            continue
        message = choice.get("delta") or choice.get("message") or {}
        if isinstance(message, dict):
            said.append(_text(message.get("content")))
            reply.thought |= bool(message.get("reasoning_content") or message.get("reasoning"))
            reply.thought |= isinstance(message.get("content"), list)
        if choice.get("finish_reason"):
            reply.finish, reply.ended = str(choice["finish_reason"]), True
    usage = event.get("usage")
    if isinstance(usage, dict):
        reply.prompt_tokens = _count(usage.get("prompt_tokens"), reply.prompt_tokens)
        reply.completion_tokens = _count(usage.get("completion_tokens"), reply.completion_tokens)
    return "".join(said)


def _text(content: object) -> str:
    """Content is text, or a list of parts of which some are text."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part for part in content if isinstance(part, dict) and part.get("type") == "text")
        return "".join(str(part.get("text", "")) for part in parts)
    return ""


def _count(value: object, before: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else before


def _check_length(reply: Reply, said: str, endpoint: Endpoint) -> None:
    if reply.first_text is None:
        reply.first_text = asyncio.get_running_loop().time()
    reply.text_bytes += len(said.encode("utf-8", "replace"))
    if reply.text_bytes > endpoint.max_tokens * BYTES_PER_TOKEN:
        raise NotUnderstood(
            f"The answer of {endpoint.base_url} is longer than was asked for, and does not end."
        )


def _check_end(reply: Reply, endpoint: Endpoint) -> None:
    if not reply.ended:
        raise _broken_off(endpoint.base_url)
    if not reply.text_bytes:
        raise NothingSaid(
            f"The language model {endpoint.model} gave an empty answer.",
            remedy="raise llm.max_tokens"
            if reply.thought
            else "try again, or set llm.context_tokens or llm.model",
        )


def _broken_off(url: str) -> EndpointUnreachable:
    return BrokenOff(
        f"The language model's server at {url} closed the connection before its answer was complete.",
        remedy="check the server's log; it may have run out of memory",
    )
