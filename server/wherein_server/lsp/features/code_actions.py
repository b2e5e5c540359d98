"""Code actions on any range: "Explain this" and "Find similar code"."""

from typing import Any

from lsprotocol import types

from wherein.errors import WhereinError
from wherein_server.lsp.server import WhereinServer

ACTIONS = (("Explain this", "wherein.explain"), ("Find similar code", "wherein.related"))


def register(server: WhereinServer) -> None:
    """Serve them."""

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(resolve_provider=False))
    async def code_actions(params: types.CodeActionParams) -> list[dict[str, Any]]:
        context = params.context
        if context.only and "" not in map(str, context.only):
            return []  # fixes and refactorings are asked for; these are none
        if context.trigger_kind == types.CodeActionTriggerKind.Automatic:
            return []  # or a light bulb would stand at every line
        try:
            await server.served(params.text_document.uri)
        except WhereinError:
            return []
        at = params.range.start
        place = {
            "uri": params.text_document.uri,
            "position": {"line": at.line, "character": at.character},
            "show": True,
        }
        commands = [{"title": title, "command": command, "arguments": [place]} for title, command in ACTIONS]
        if not _knows_actions(server):
            return commands
        return [{"title": command["title"], "command": command} for command in commands]


def _knows_actions(server: WhereinServer) -> bool:
    """Whether the client takes code actions; older ones take bare commands only."""
    document = server.client_capabilities.text_document
    known = document.code_action if document is not None else None
    return known is not None and known.code_action_literal_support is not None
