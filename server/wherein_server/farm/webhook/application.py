"""The address that forges send to, as an ASGI application of its own or mounted in another one."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from wherein_server.farm.webhook.hooks import MOST_BYTES, Answer, Hooks

Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]
Send: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]


class TooLong(Exception):
    """The body has more than MOST_BYTES."""


def application(hooks: Hooks, metrics: Callable[[], str] | None = None) -> Application:
    """`POST` to any path is a webhook. `GET /healthz` says that it is there, and `GET /metrics` what is counted, where
    that was asked for."""

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
            return _document(Answer(405, "ignored", "Webhooks are posted."))
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            body = await _body(headers, receive)
            return _document(await asyncio.to_thread(hooks.take, headers, body))
        except TooLong:
            return _document(Answer(413, "refused", f"A webhook has at most {MOST_BYTES:,} bytes."))
        except Exception as error:
            if not _is_of_redis(error):
                raise
            return _document(Answer(503, "refused", "The broker does not answer; send it again."))

    return serve


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
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
        if not message.get("more_body"):
            return b"".join(pieces)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _document(answer: Answer) -> tuple[int, bytes, bytes]:
    told = {"answer": answer.answer} | ({"detail": answer.detail} if answer.detail else {})
    return answer.status, json.dumps(told).encode() + b"\n", b"application/json"


def _is_of_redis(error: Exception) -> bool:
    from redis.exceptions import RedisError

    return isinstance(error, (RedisError, OSError))
