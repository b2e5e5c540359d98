"""An OpenAI-compatible server that answers what a test says, on a real socket."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


def event(content: object = None, *, finish: str | None = None, **more: object) -> bytes:
    """One server-sent event with a piece of an answer."""
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice], **more})}\n\n".encode()


DONE = b"data: [DONE]\n\n"


class MisbehavingServer:
    """A server whose completions are what a test says."""

    def __init__(self, httpserver: HTTPServer) -> None:
        self.server = httpserver
        self.url = httpserver.url_for("/v1")
        self.requests: list[dict[str, Any]] = []

    def streams(self, *pieces: bytes | float, status: int = 200, kind: str = "text/event-stream") -> None:
        """Answer with these bytes; a number is a pause in seconds."""

        def body() -> Iterable[bytes]:
            for piece in pieces:
                if isinstance(piece, float):
                    time.sleep(piece)
                else:
                    yield piece

        self.answers(lambda: Response(body(), status=status, content_type=kind))

    def says(self, document: object, *, status: int = 200) -> None:
        self.answers(lambda: Response(json.dumps(document), status=status, content_type="application/json"))

    def answers(self, *responses: Callable[[], Response]) -> None:
        """One response a request, the last one again and again."""
        remaining = list(responses)

        def handle(request: Request) -> Response:
            self.requests.append(request.get_json())
            return (remaining.pop(0) if len(remaining) > 1 else remaining[0])()

        self.server.expect_request("/v1/chat/completions", method="POST").respond_with_handler(handle)
