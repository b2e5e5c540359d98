"""The page's files, read once, each known by its content."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wherein.packaged import files

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}

SHELL = "index.html"

VIEWS = ("/", "/file", "/repositories", "/farm")
"""Addresses that the page itself tells apart."""


def page_routes() -> list[BaseRoute]:
    """The shell at each address of the page, and what it loads."""
    known = {
        each.name: each.read_bytes()
        for each in files("wherein_server.serve.page").iterdir()
        if each.is_file() and any(map(each.name.endswith, KINDS))
    }
    return [
        *(Route(path, _sender(SHELL, known[SHELL])) for path in VIEWS),
        *(Route(f"/assets/{name}", _sender(name, data)) for name, data in known.items() if name != SHELL),
    ]


def _sender(name: str, data: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - an endpoint
    tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
    kind = next(kind for ending, kind in KINDS.items() if name.endswith(ending))
    headers = {"etag": tag, "cache-control": "no-cache", "content-type": kind}

    async def send(request: Request) -> Response:
        request.state.route = "page"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers)

    return send
