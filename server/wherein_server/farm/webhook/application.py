"""The address that forges send to, as an ASGI application of its own or mounted in another."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from wherein_server.farm.webhook.answer import MOST_BYTES, Answer

Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]
Send: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]


Take: TypeAlias = Callable[[Mapping[str, str], bytes], Answer]
"""`Hooks.take`"""

MOST_HELD = 4 * MOST_BYTES
"""Bytes of bodies that are being read at once: who signs nothing can send them as well."""

BODY_SECONDS = 60.0
"""Until a body is there. Who sends slowly takes the room of others."""


class TooLong(Exception):
    """The body has more than MOST_BYTES."""


class TooMany(Exception):
    """The bodies that are being read have more than MOST_HELD."""


class TooSlow(Exception):
    """The body is not there after BODY_SECONDS."""


class Counter:
    """At which webhooks are handed in, whatever the address."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._held = 0

    async def hand_in(self, headers: Mapping[str, str], receive: Receive) -> Answer:
        """What the forge is told. `headers` have small names."""
        try:
            with self._holding() as more:
                body = await _in_time(_body(headers, receive, more))
                return await asyncio.to_thread(self._take, headers, body)
        except TooLong:
            return Answer(413, "refused", f"A webhook has at most {MOST_BYTES:,} bytes.")
        except TooSlow:
            return Answer(408, "refused", f"A webhook has to arrive within {BODY_SECONDS:.0f} s.")
        except TooMany:
            return Answer(503, "refused", "Too many webhooks at once; send it again.")
        except Exception as error:
            if not _is_of_redis(error):
                raise
            if _forbids(error):
                return Answer(503, "refused", "The user of this server may not write the farm's list.")
            return Answer(503, "refused", "The broker does not answer; send it again.")

    @contextmanager
    def _holding(self) -> Iterator[Callable[[int], None]]:
        held = 0

        def more(count: int) -> None:
            nonlocal held
            if self._held + count > MOST_HELD:
                raise TooMany
            held += count
            self._held += count

        try:
            yield more
        finally:
            self._held -= held


def application(take: Take, metrics: Callable[[], str] | None = None) -> Application:
    """`POST` to any path is a webhook. `GET /healthz` says that it is there, and `GET /metrics` what is counted, where
    that was asked for."""

    counter = Counter(take)

    async def serve(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            status, text, kind = await _answer(scope, receive)
            headers = [(b"content-type", kind), (b"content-length", str(len(text)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": text})

    async def _answer(scope: Mapping[str, Any], receive: Receive) -> tuple[int, bytes, bytes]:
        if scope["method"] == "GET" and scope["path"].endswith("/healthz"):
            return 200, b"ok\n", b"text/plain"
        if scope["method"] == "GET" and scope["path"].endswith("/metrics") and metrics is not None:
            return 200, (await asyncio.to_thread(metrics)).encode(), b"text/plain; version=0.0.4"
        if scope["method"] != "POST":
            return _document(Answer(405, "ignored", "Webhooks must be sent with POST."))
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        return _document(await counter.hand_in(headers, receive))

    return serve


async def _in_time(body: Awaitable[bytes]) -> bytes:
    try:
        return await asyncio.wait_for(body, BODY_SECONDS)
    except TimeoutError:
        raise TooSlow from None


async def _body(headers: Mapping[str, str], receive: Receive, more: Callable[[int], None]) -> bytes:
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and (len(length) > 12 or int(length) > MOST_BYTES):
        raise TooLong
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > MOST_BYTES:
            raise TooLong
        more(len(pieces[-1]))
        if not message.get("more_body"):
            return b"".join(pieces)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def document(answer: Answer) -> bytes:
    """An answer as JSON."""
    told = {"answer": answer.answer} | ({"detail": answer.detail} if answer.detail else {})
    return json.dumps(told).encode() + b"\n"


def _document(answer: Answer) -> tuple[int, bytes, bytes]:
    return answer.status, document(answer), b"application/json"


def _is_of_redis(error: Exception) -> bool:
    from redis.exceptions import RedisError

    return isinstance(error, (RedisError, OSError))


def _forbids(error: Exception) -> bool:
    from redis.exceptions import NoPermissionError

    return isinstance(error, NoPermissionError)
