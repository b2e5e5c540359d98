"""An OpenAI-compatible server of embeddings that does what a test says, on a real socket."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

Reply = Callable[[dict[str, Any]], Response]


class EmbeddingServer:
    """Its model counts bytes, so that what it makes of a text is known; `then` says how it misbehaves first."""

    def __init__(self, httpserver: HTTPServer, *, dimension: int = 256, seed: int = 0) -> None:
        self.http = httpserver
        self.url = httpserver.url_for("/v1")
        self.dimension, self.seed = dimension, seed
        self.asked: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.usage = True
        self.longest = 0
        """characters of a text that it takes, if it has a limit"""
        self.most_texts = 0
        self._then: list[Reply] = []
        httpserver.expect_request("/v1/embeddings", method="POST").respond_with_handler(self._handle)

    @property
    def texts(self) -> list[str]:
        """All that was sent, in order."""
        return [text for request in self.asked for text in request["input"]]

    def then(self, *replies: Reply) -> None:
        """Answer the next requests like that; after that, well."""
        self._then += replies

    def well(self) -> None:
        """From now on answer well."""
        self._then.clear()

    def vector(self, text: str) -> list[float]:
        """Of length 1."""
        counts = np.bincount(np.frombuffer(text.encode(), np.uint8), minlength=256).astype(float)
        turned = counts @ np.random.default_rng(self.seed).normal(size=(256, self.dimension))
        return list(turned / np.linalg.norm(turned))

    def answer(self, request: dict[str, Any]) -> Response:
        """As it should be."""
        rows = [
            {"object": "embedding", "index": place, "embedding": self.vector(text)}
            for place, text in enumerate(request["input"])
        ]
        document: dict[str, Any] = {"object": "list", "data": rows[::-1], "model": request["model"]}
        if self.usage:
            tokens = sum(map(len, request["input"]))
            document["usage"] = {"prompt_tokens": tokens, "total_tokens": tokens}
        return says(document)(request)

    def _handle(self, http: Request) -> Response:
        request = http.get_json()
        self.asked.append(request)
        self.authorizations.append(http.headers.get("Authorization"))
        if self._then:
            return self._then.pop(0)(request)
        if self.longest and any(len(text) > self.longest for text in request["input"]):
            words = "input (900 tokens) is too large to process. increase the physical batch size"
            return says({"error": {"code": 500, "message": words, "type": "server_error"}}, status=500)(
                request
            )
        if self.most_texts and len(request["input"]) > self.most_texts:
            return says(
                {"error": "batch size 64 > maximum allowed batch size 32", "type": "Validation"}, status=413
            )(request)
        return self.answer(request)


def says(document: object, *, status: int = 200, **headers: str) -> Reply:
    """Answer with JSON. In names of headers `_` stands for `-`."""

    def reply(request: dict[str, Any]) -> Response:
        made = Response(json.dumps(document), status=status, content_type="application/json")
        made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return made

    return reply


def sends(data: bytes, *, status: int = 200, kind: str = "application/json") -> Reply:
    """Answer with these bytes."""
    return lambda request: Response(data, status=status, content_type=kind)


def late(seconds: float, reply: Reply) -> Reply:
    """Answer after a while."""

    def wait(request: dict[str, Any]) -> Response:
        time.sleep(seconds)
        return reply(request)

    return wait
