"""The same tools over HTTP, on this machine only: one process for all of its sessions.

This transport is the official SDK's (the extra `mcp`): its sessions, streams and checks of hosts and origins are not
worth writing again where no start has to be fast.
"""

import asyncio
import contextvars
import hmac
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

from wherein import __version__, private
from wherein.errors import ConfigError, StoreUnreachable
from wherein.extras import install_command
from wherein_server.mcp.catalog import INSTRUCTIONS
from wherein_server.mcp.protocol import INVALID_PARAMS
from wherein_server.mcp.toolbox import SLOW, TEMPLATE, Toolbox, UnknownResource, UnknownTool
from wherein_server.mcp.workspace import Workspace

HOST = "127.0.0.1"
PATH = "/mcp"

WHERE_THE_TOKEN_IS = (
    b"This server asks for its token, after the word Bearer, in the header Authorization: wherein mcp --http says "
    b"which file it is in.\n"
)
"""Clients show it to their users."""

TOKEN_FILE = "mcp-token"  # noqa: S105 - a name
"""Of the data folder: other users of a machine reach its ports too."""

MOST_BYTES = 4_000_000

Foreign: TypeAlias = Any
"""What is of packages that may be missing."""

Application: TypeAlias = Callable[[Mapping[str, Any], Any, Any], Awaitable[None]]
"""ASGI's"""


class Desk:
    """A toolbox of each kind, each asked by a thread of its own, as the event loop wants it."""

    def __init__(self, workspace: Callable[[], Workspace], everything: bool) -> None:
        self.boxes = {slow: Toolbox(workspace(), everything) for slow in (False, True)}
        self._threads = {slow: ThreadPoolExecutor(1, "wherein-mcp") for slow in (False, True)}

    async def call(self, name: str, given: object) -> dict[str, Any]:
        """The result of a tool. Raises UnknownTool."""
        slow = name in SLOW
        tool = self.boxes[slow].tool(name)
        return await self._ask(slow, lambda box: box.call(tool, given))

    async def read(self, uri: str) -> dict[str, Any]:
        """A resource. Raises UnknownResource."""
        return await self._ask(False, lambda box: box.read(uri))

    async def _ask(self, slow: bool, what: Callable[[Toolbox], dict[str, Any]]) -> dict[str, Any]:
        loop, box, thread = asyncio.get_running_loop(), self.boxes[slow], self._threads[slow]
        context = contextvars.copy_context()  # which says who asks, where that matters
        found = await loop.run_in_executor(thread, context.run, what, box)
        loop.run_in_executor(thread, box.settled)
        return found


def serve_http(
    roots: Sequence[Path],
    overrides: Mapping[str, object],
    *,
    everything: bool,
    port: int,
    data_dir: Path,
    say: Callable[[str], object],
) -> None:
    """Answer until interrupted. ConfigError without the extra, or where the port is taken."""
    try:
        import uvicorn

        from wherein_server.http_server import END_SECONDS, HttpServer
    except ImportError:
        raise _without_extra() from None
    guarded = _guarded(application(Desk(lambda: Workspace(roots, overrides), everything)), token(data_dir))
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # before it is said
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on port {port}: {error.strerror}.", remedy="wherein mcp --http --port 0"
        ) from None
    say(f"Serving http://{HOST}:{listening.getsockname()[1]}{PATH}; the token is in {data_dir / TOKEN_FILE}.")
    configuration = uvicorn.Config(
        guarded,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=END_SECONDS,  # clients keep a stream open for as long as they live
    )
    HttpServer(configuration).run(sockets=[listening])


def token(data_dir: Path) -> str:
    """What clients must send: `Authorization: Bearer …`. Made once, readable by its owner alone. Raises
    StoreUnreachable."""
    file = data_dir / TOKEN_FILE
    try:
        private.folder(data_dir)
        try:
            known = private.read(file).decode("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            known = ""
        if not known:
            known = secrets.token_urlsafe(32)
            private.write(file, f"{known}\n".encode())
    except OSError as error:
        raise StoreUnreachable(
            f"{file} cannot be used: {error.strerror or error}.",
            remedy="free some space, or set WHEREIN_DATA_DIR to a folder that you own",
        ) from error
    return known


def application(
    desk: Desk,
    heard: Callable[[Foreign], object] = lambda request: None,
    instructions: str = INSTRUCTIONS,
    **transport: Foreign,
) -> Foreign:
    """The protocol over HTTP, at PATH. `heard` is told of the request that each question comes by, in the context that
    it is answered in; `transport` is said to the SDK. ConfigError without the extra."""
    try:
        import mcp_types as types
        from mcp.server.lowlevel import Server
        from mcp.shared.exceptions import MCPError
    except ImportError:
        raise _without_extra() from None

    async def list_tools(context: object, params: object) -> Foreign:
        listed = [tool.listed() for tool in desk.boxes[False].tools.values()]
        return types.ListToolsResult.model_validate({"tools": listed})

    async def call_tool(context: Foreign, params: Foreign) -> Foreign:
        heard(context.request)
        try:
            return types.CallToolResult.model_validate(await desk.call(params.name, params.arguments))
        except UnknownTool as unknown:
            raise MCPError(code=INVALID_PARAMS, message=str(unknown)) from None

    async def list_resources(context: object, params: object) -> Foreign:
        return types.ListResourcesResult(resources=[])

    async def list_templates(context: object, params: object) -> Foreign:
        return types.ListResourceTemplatesResult.model_validate({"resourceTemplates": [TEMPLATE]})

    async def read_resource(context: Foreign, params: Foreign) -> Foreign:
        heard(context.request)
        try:
            return types.ReadResourceResult.model_validate(await desk.read(str(params.uri)))
        except UnknownResource as unknown:
            raise MCPError(code=INVALID_PARAMS, message=str(unknown)) from None

    logging.getLogger("mcp").setLevel(logging.ERROR)
    server: Foreign = Server(
        "wherein",
        version=__version__,
        instructions=instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )
    return server.streamable_http_app(
        streamable_http_path=PATH, host=HOST, max_request_body_size=MOST_BYTES, **transport
    )


def _guarded(application: Application, secret: str) -> Application:
    """Only for who knows the token."""
    wanted = f"Bearer {secret}".encode()

    async def guarded(scope: Mapping[str, Any], receive: Foreign, send: Foreign) -> None:
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, wanted):
                headers = [
                    *((b"www-authenticate", b"Bearer"), (b"content-type", b"text/plain")),
                    (b"content-length", str(len(WHERE_THE_TOKEN_IS)).encode()),
                ]
                await send({"type": "http.response.start", "status": 401, "headers": headers})
                await send({"type": "http.response.body", "body": WHERE_THE_TOKEN_IS})
                return
        await application(scope, receive, send)

    return guarded


def _without_extra() -> ConfigError:
    return ConfigError(
        "Serving over HTTP needs packages that are not installed.", remedy=install_command("mcp")
    )
