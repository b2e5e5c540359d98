"""Start and end: settings, folders, what is registered with the client, the parent's death."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from wherein_server.lsp.configuration import (
    SECTION,
    from_options,
    from_section,
    is_restricted,
    own_options,
    plain,
)
from wherein_server.lsp.notices import wanted
from wherein_server.lsp.parent import watch_parent
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.uris import to_uri

CONFIGURATION_SECONDS = 2.0
"""A client that takes longer to tell its settings is served without them until it does."""

_log = logging.getLogger(__name__)


def register(server: WhereinServer) -> None:
    """Serve the life of the connection."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = own_options(params.initialization_options)
        server.overrides = {**from_options(options), **server.overrides}
        server.notices.want(wanted(options))
        server.restricted = is_restricted(options)
        if params.process_id is not None:
            server.in_background(watch_parent(params.process_id, lambda: server.protocol.on_exit(1)))

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        server.in_background(_register_capabilities(server))
        await server.started()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        await server.started()
        for folder in params.event.removed:
            await server.folders.remove(folder.uri)
        await _pull(server)
        for folder in params.event.added:
            await server.folders.add(folder.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration_changed(params: types.DidChangeConfigurationParams) -> None:
        await server.started()
        if _has_configuration(server):
            await _pull(server)
        elif isinstance(params.settings, dict) and SECTION in params.settings:
            server.folder_overrides = {"": from_section(params.settings[SECTION])}
        await server.folders.reconfigure()

    @server.feature(types.SHUTDOWN)
    def shutdown(*_: object) -> None:
        server.stop()

    async def start() -> None:
        try:
            await asyncio.wait_for(_pull(server), CONFIGURATION_SECONDS)
        except TimeoutError:
            _log.warning("the client does not report its settings")
        for uri in _folder_uris(server):
            await server.folders.add(uri)

    server.start = start


def _folder_uris(server: WhereinServer) -> Sequence[str]:
    workspace = server.workspace
    if workspace.folders:
        return [folder.uri for folder in workspace.folders.values()]
    if workspace.root_uri:
        return [workspace.root_uri]
    return [to_uri(server.folder.absolute())] if server.folder is not None else []


def _has_configuration(server: WhereinServer) -> bool:
    workspace = server.client_capabilities.workspace
    return bool(workspace is not None and workspace.configuration)


async def _pull(server: WhereinServer) -> None:
    """Ask the client for its section of each folder."""
    if not _has_configuration(server):
        return
    uris: list[str | None] = [*_folder_uris(server)]
    uris = uris or [None]
    items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in uris]
    try:
        sections: Any = await server.workspace_configuration_async(types.ConfigurationParams(items=items))
    except JsonRpcException as error:
        _log.warning("the client does not report its settings: %s", error)
        return
    server.folder_overrides = {
        uri or "": from_section(plain(section)) for uri, section in zip(uris, sections or (), strict=False)
    }


async def _register_capabilities(server: WhereinServer) -> None:
    """Ask to be told of changed files and settings, where that can only be asked for now."""
    workspace = server.client_capabilities.workspace
    wanted: list[types.Registration] = []
    if server.told_of_files:
        every = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])
        wanted.append(types.Registration("wherein-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, every))
    settings = workspace.did_change_configuration if workspace is not None else None
    if settings is not None and settings.dynamic_registration:
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(
            types.Registration("wherein-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section)
        )
    if wanted:
        await server.client_register_capability_async(types.RegistrationParams(wanted))
