"""Saved documents, and files that changed outside the editor: the index follows."""

import time

from lsprotocol import types

from wherein.config.locations import PROJECT_FILE
from wherein.errors import WhereinError
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.uris import to_path
from wherein_server.lsp.workspace import Served

CHANGE_DELAY = 0.3
"""Seconds in which further changes join an update: tools write many files at once."""

CHANGES_EVERY = 2.0
"""Seconds at least between updates for files that change on their own: a build writes without end."""

_IN_GIT = "/.git/"


def register(server: WhereinServer) -> None:
    """Listen to the client."""
    last: dict[str, float] = {}

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        try:
            (served,) = await server.served(params.text_document.uri)
        except WhereinError:
            return
        if params.text_document.uri.endswith(f"/{PROJECT_FILE}"):
            await served.reconfigure(served.repository.overrides)
        served.update_soon([to_path(params.text_document.uri)])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed(params: types.DidChangeWatchedFilesParams) -> None:
        told: dict[str, tuple[Served, list[str]]] = {}
        for uri in (change.uri for change in params.changes if _IN_GIT not in change.uri):
            for served in await _served(uri):
                told.setdefault(str(served.repository.place), (served, []))[1].append(uri)
        for key, (served, uris) in told.items():
            wait = max(CHANGE_DELAY, last.get(key, 0.0) + CHANGES_EVERY - time.monotonic())
            if not served.updater.running:
                last[key] = time.monotonic() + wait
            if any(uri.endswith(f"/{PROJECT_FILE}") for uri in uris):
                await served.reconfigure(served.repository.overrides)
            served.update_soon([to_path(uri) for uri in uris], delay=wait)

    async def _served(uri: str) -> list[Served]:
        try:
            return await server.served(uri)
        except WhereinError:
            return []
