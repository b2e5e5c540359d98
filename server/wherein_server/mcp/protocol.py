"""The Model Context Protocol as messages in and out: who asks what, in either of its eras.

Until 2025-11-25, a client shakes hands first (`initialize`). Since 2026-07-28, each request carries what it needs in
its `_meta`, and `server/discover` says the rest.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from wherein import __version__
from wherein_server.mcp.catalog import INSTRUCTIONS
from wherein_server.mcp.toolbox import SLOW, TEMPLATE, Toolbox, UnknownResource, UnknownTool

HANDSHAKE_VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN_VERSIONS = ("2026-07-28",)

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
UNSUPPORTED_VERSION = -32022

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"

SERVER = {"name": "wherein", "version": __version__}
CAPABILITIES = {"tools": {"listChanged": False}, "resources": {"listChanged": False, "subscribe": False}}

FRESH = {"ttlMs": 0, "cacheScope": "private"}

ROOTS = "wherein-roots"
"""The id of our question for the client's folders."""

Message = Mapping[str, Any]


class Refused(Exception):
    """A request that gets an error of the protocol."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message} | ({} if data is None else {"data": data})


class Session:
    """One client. `send` may be called from any thread; `later` runs what takes time, `slow` what waits for a model,
    each in a thread of its own and in order. With `ask_roots`, the client may say which folders it is about."""

    def __init__(
        self,
        send: Callable[[Message], None],
        tools: Callable[[bool], Toolbox],
        later: Callable[[Callable[[], None], bool], None],
        *,
        ask_roots: bool,
    ) -> None:
        self._send = send
        self._tools = tools
        self._later = later
        self._ask_roots = ask_roots
        self._cancelled: set[str | int] = set()
        self._waiting: set[str | int] = set()

    def receive(self, message: object) -> None:
        """Take one message; answers go to `send`, at once or later."""
        if not isinstance(message, Mapping) or message.get("jsonrpc") != "2.0":
            self.refuse(None, INVALID_REQUEST, "This is not a JSON-RPC 2.0 message.")
            return
        method, request_id = message.get("method"), message.get("id")
        if not isinstance(method, str):
            if request_id == ROOTS:
                self._take_roots(message.get("result"))
            elif "result" not in message and "error" not in message:
                self.refuse(None, INVALID_REQUEST, "A message without a method.")
            return
        params = message.get("params")
        params = params if isinstance(params, Mapping) else {}
        if "id" not in message:
            self._noted(method, params)
            return
        if isinstance(request_id, bool) or not isinstance(request_id, str | int):
            self.refuse(None, INVALID_REQUEST, "An id must be a string or a whole number.")
            return
        try:
            modern = _is_modern(params)
            answer = self._answer(method, params, request_id, modern)
        except Refused as refused:
            self._send({"jsonrpc": "2.0", "id": request_id, "error": refused.error})
            return
        if answer is not None:
            self._reply(request_id, answer, modern)

    def refuse(self, request_id: str | int | None, code: int, message: str) -> None:
        """Say what is wrong with a message."""
        self._send({"jsonrpc": "2.0", "id": request_id, "error": {"code": code, "message": message}})

    def _answer(
        self, method: str, params: Message, request_id: str | int, modern: bool
    ) -> dict[str, Any] | None:
        """The result; None if it comes later."""
        match method:
            case "server/discover":
                return {
                    "supportedVersions": list(MODERN_VERSIONS),
                    "capabilities": CAPABILITIES,
                    "instructions": INSTRUCTIONS,
                    **FRESH,
                }
            case "initialize":
                return self._shake_hands(params)
            case "ping" if not modern:
                return {}
            case "tools/list":
                tools = [tool.listed() for tool in self._tools(False).tools.values()]
                return {"tools": tools, **(FRESH if modern else {})}
            case "resources/list":
                return {"resources": [], **(FRESH if modern else {})}
            case "resources/templates/list":
                return {"resourceTemplates": [TEMPLATE], **(FRESH if modern else {})}
            case "resources/read":
                self._do(request_id, modern, False, lambda tools: tools.read(params.get("uri")))
                return None
            case "tools/call":
                try:
                    tool = self._tools(False).tool(params.get("name"))
                except UnknownTool as unknown:
                    raise Refused(INVALID_PARAMS, str(unknown)) from None
                given = params.get("arguments")
                self._do(request_id, modern, tool.name in SLOW, lambda tools: tools.call(tool, given))
                return None
        raise Refused(METHOD_NOT_FOUND, f"There is no method {method[:80]!r}.")

    def _do(
        self,
        request_id: str | int,
        modern: bool,
        slow: bool,
        ask: Callable[[Toolbox], dict[str, Any]],
    ) -> None:
        """Answer later."""
        if request_id in self._waiting:
            raise Refused(INVALID_REQUEST, "This id is in use.")
        self._waiting.add(request_id)
        tools = self._tools(slow)

        def work() -> None:
            if request_id not in self._cancelled:
                try:
                    result = ask(tools)
                except UnknownResource as unknown:
                    self.refuse(request_id, INVALID_PARAMS, str(unknown))
                else:
                    self._waiting.discard(request_id)
                    if request_id not in self._cancelled:
                        self._reply(request_id, result, modern)
            self._waiting.discard(request_id)
            self._cancelled.discard(request_id)
            tools.settled()

        self._later(work, slow)

    def _reply(self, request_id: str | int, result: dict[str, Any], modern: bool) -> None:
        if modern:
            result = {**result, "resultType": "complete", "_meta": {SERVER_KEY: SERVER}}
        self._send({"jsonrpc": "2.0", "id": request_id, "result": result})

    def _shake_hands(self, params: Message) -> dict[str, Any]:
        wanted = params.get("protocolVersion")
        capabilities = params.get("capabilities")
        self._ask_roots = self._ask_roots and isinstance(capabilities, Mapping) and "roots" in capabilities
        return {
            "protocolVersion": wanted if wanted in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1],
            "capabilities": CAPABILITIES,
            "serverInfo": SERVER,
            "instructions": INSTRUCTIONS,
        }

    def _noted(self, method: str, params: Message) -> None:
        """Take a notification."""
        if method == "notifications/cancelled":
            request_id = params.get("requestId")
            if isinstance(request_id, str | int) and request_id in self._waiting:
                self._cancelled.add(request_id)
        elif method in ("notifications/initialized", "notifications/roots/list_changed") and self._ask_roots:
            for slow in (False, True):
                self._tools(slow).workspace.expect_roots()
            self._send({"jsonrpc": "2.0", "id": ROOTS, "method": "roots/list"})

    def _take_roots(self, result: object) -> None:
        listed = result.get("roots") if isinstance(result, Mapping) else None
        uris = [root.get("uri") for root in listed or () if isinstance(root, Mapping)]
        folders = [folder for folder in map(_folder, uris) if folder is not None]
        for slow in (False, True):
            self._tools(slow).workspace.take_roots(folders)


def _is_modern(params: Message) -> bool:
    """Whether a request uses a version without handshake. Raises Refused for a version that we do not speak."""
    meta = params.get("_meta")
    version = meta.get(VERSION_KEY) if isinstance(meta, Mapping) else None
    if version is None or version in HANDSHAKE_VERSIONS:
        return False
    if version not in MODERN_VERSIONS:
        raise Refused(
            UNSUPPORTED_VERSION,
            "Unsupported protocol version.",
            {"supported": list(MODERN_VERSIONS), "requested": str(version)[:40]},
        )
    return True


def _folder(uri: object) -> Path | None:
    """The folder that a client names, if it is one on this machine."""
    if not isinstance(uri, str) or not uri.startswith("file:"):
        return None
    from urllib.request import url2pathname  # 40 ms, of which most clients ask nothing

    try:
        path = Path(url2pathname(unquote(urlsplit(uri).path)))
        return path if path.is_dir() else None
    except (OSError, ValueError):
        return None
