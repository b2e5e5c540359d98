"""What the server can do, one feature a file. Each has `register(server)`."""

from wherein_server.lsp.features import (
    ask,
    callees,
    callers,
    changed,
    code_actions,
    documents,
    explain,
    hook,
    lifecycle,
    reindex,
    related,
    search,
    status,
    symbol,
    workspace_symbol,
)
from wherein_server.lsp.server import WhereinServer

ALL = (
    lifecycle,
    documents,
    search,
    symbol,
    related,
    callers,
    callees,
    explain,
    ask,
    changed,
    hook,
    reindex,
    status,
    workspace_symbol,
    code_actions,
)


def registered(server: WhereinServer) -> WhereinServer:
    """The server, with every feature."""
    for feature in ALL:
        feature.register(server)
    return server
