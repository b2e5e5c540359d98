"""What a request may be: its length, its body, and how long it may take to arrive."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from wherein_server.serve.refusal import Refusal

LONGEST_QUERY = 16_384
"""Bytes of a query string: a pasted trace of 4,000 characters, each of three bytes, has 12,000 when it is quoted."""

MOST_BODY = 262_144
"""Bytes of a body: a conversation that is sent back."""

BODY_SECONDS = 10.0

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


def check_length(scope: MutableMapping[str, Any], headers: dict[bytes, bytes], most: int = MOST_BODY) -> None:
    """Raises Refusal for a request that is too long by what its head says."""
    if len(scope["query_string"]) > LONGEST_QUERY:
        raise Refusal(
            414,
            f"The query has more than {LONGEST_QUERY:,} bytes.",
            remedy="send it in a body: POST /api/v1/search",
        )
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > most:
        raise _too_large(most)


def bounded(receive: Receive, most: int = MOST_BODY, seconds: float = BODY_SECONDS) -> Receive:
    """The same body, as long as it is short and comes in time; Refusal."""
    loop = asyncio.get_running_loop()
    late = loop.time() + seconds
    got, whole = 0, False

    async def limited() -> Message:
        nonlocal got, whole
        if whole:  # what follows is only the client's leaving
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(late - loop.time(), 0.001))
        except TimeoutError:
            raise Refusal(408, "The request did not arrive in time.") from None
        if message["type"] == "http.request":
            got += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if got > most:
                raise _too_large(most)
        return message

    return limited


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"The body has more than {most:,} bytes.", remedy="send less")
