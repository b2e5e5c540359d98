"""Saved documents, and files that changed outside of the editor: the index follows."""

import time

from lsprotocol import types

from wherein.errors import WhereinError
from wherein_server.lsp.server import WhereinServer

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
        served.update_soon()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed(params: types.DidChangeWatchedFilesParams) -> None:
        uris = [change.uri for change in params.changes if _IN_GIT not in change.uri]
        for served in {id(served): served for uri in uris for served in await _served(uri)}.values():
            key = str(served.repository.place)
            wait = max(CHANGE_DELAY, last.get(key, 0.0) + CHANGES_EVERY - time.monotonic())
            if not served.updater.running:
                last[key] = time.monotonic() + wait
            served.update_soon(delay=wait)

    async def _served(uri: str) -> list:  # type: ignore[type-arg]
        try:
            return await server.served(uri)
        except WhereinError:
            return []
