"""Calls of tools, from their arguments to the protocol's results, whatever the transport."""

import importlib
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from wherein.errors import WhereinError
from wherein_server.cli import memory
from wherein_server.cli.jsonout import readable
from wherein_server.cli.sanitize import sentence
from wherein_server.cli.system_errors import explained
from wherein_server.mcp.arguments import checked
from wherein_server.mcp.catalog import Tool, offered
from wherein_server.mcp.tools.call import Reply, ToolCall
from wherein_server.mcp.trouble import REPEATED, ToolError, told
from wherein_server.mcp.workspace import Workspace

RESOURCES = "wherein://definition/"
"""How the address of a definition begins; its name or place follows."""

TEMPLATE = {
    "uriTemplate": RESOURCES + "{+target}",
    "name": "definition",
    "description": "A definition's code, by name, path:line or path:first-last.",
    "mimeType": "text/plain",
}

RESOURCE_TOKENS = 20_000

SLOW = frozenset({"explain"})
"""Tools that wait for a model: they get a thread of their own."""

MOST_REMEMBERED = 100
"""Failed calls that are remembered, so that an agent that repeats one is told so."""

_log = logging.getLogger(__name__)


class UnknownTool(Exception):
    """No such tool is offered."""


class UnknownResource(Exception):
    """No such address."""


class Toolbox:
    """For one thread at a time, from which all calls of a kind come: indexes are opened in it."""

    def __init__(self, workspace: Workspace, everything: bool) -> None:
        self.tools = offered(everything)
        self.workspace = workspace
        self._failed: dict[str, str] = {}

    def close(self) -> None:
        """Close all repositories."""
        self.workspace.close()

    def tool(self, name: object) -> Tool:
        """A tool by its name. Raises UnknownTool."""
        if not isinstance(name, str) or name not in self.tools:
            raise UnknownTool(f"Unknown tool: {sentence(str(name)[:80])}. There are {', '.join(self.tools)}.")
        return self.tools[name]

    def call(self, tool: Tool, given: object) -> dict[str, Any]:
        """The result of a call; an error is a result that says what to do next."""
        key = f"{self.workspace.who()}\0{_key(tool, given)}"
        try:
            reply = self._run(tool, checked(tool, given))
        except Exception as error:
            said = readable(sentence(_sentence(error)))
            if self._failed.get(key) == said:
                said = f"{said} {REPEATED}"
            else:
                self._remember(key, said)
            return {"content": [{"type": "text", "text": said}], "isError": True}
        self._failed.pop(key, None)
        result: dict[str, Any] = {"content": [{"type": "text", "text": reply.text}], "isError": False}
        if reply.data is not None:
            result["structuredContent"] = reply.data
        return result

    def read(self, uri: object) -> dict[str, Any]:
        """A resource. Raises UnknownResource."""
        if not isinstance(uri, str) or not uri.startswith(RESOURCES):
            raise UnknownResource(f"Unknown resource; addresses begin with {RESOURCES}.")
        tool = self.tools["read"]
        given = {"target": unquote(uri.removeprefix(RESOURCES)), "max_tokens": RESOURCE_TOKENS}
        try:
            text = self._run(tool, checked(tool, given)).text
        except Exception as error:
            raise UnknownResource(readable(sentence(_sentence(error)))) from None
        return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": text}]}

    def settled(self) -> None:
        """Do, after an answer was sent, what would have delayed it."""
        self.workspace.watch()

    def _run(self, tool: Tool, arguments: Mapping[str, Any]) -> Reply:
        arguments = self.workspace.understood(arguments)
        repository = self.workspace.repository(arguments.get("repo"))
        notes = repository.refresh()
        run = importlib.import_module(f"wherein_server.mcp.tools.{tool.name}").run

        def read() -> Reply:
            reply = run(ToolCall(repository, arguments, list(notes)))
            assert isinstance(reply, Reply)
            return reply

        return read() if tool.name in SLOW else repository.index.at_once(read)

    def _remember(self, key: str, said: str) -> None:
        self._failed[key] = said
        while len(self._failed) > MOST_REMEMBERED:
            self._failed.pop(next(iter(self._failed)))


def _key(tool: Tool, given: object) -> str:
    try:
        return tool.name + json.dumps(given, sort_keys=True)[:2000]
    except (TypeError, ValueError, RecursionError):
        return tool.name


def _sentence(error: Exception) -> str:
    if isinstance(error, WhereinError):
        return told(error)
    if isinstance(error, MemoryError) or memory.is_short():
        return told(ToolError(memory.MESSAGE, remedy="Tell the user; use your own tools for now"))
    if isinstance(error, OSError):
        message, remedy = explained(error)
        return told(ToolError(message, remedy=f"Tell the user ({remedy}); use your own tools for now"))
    _log.exception("a call failed")
    first = str(error).partition("\n")[0]
    return told(
        ToolError(
            f"Something went wrong that should not have ({type(error).__name__}: {first}).",
            remedy="Use your own search and file tools for now",
        )
    )
