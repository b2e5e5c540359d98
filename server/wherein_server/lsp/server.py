"""The server: what every feature uses, and nothing that belongs to one of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from wherein import __version__
from wherein.quick_dataclass import dataclass
from wherein_server.lsp.errors import Code
from wherein_server.lsp.notices import Notices
from wherein_server.lsp.other_loop import OtherLoop
from wherein_server.lsp.progress import Token, work_done
from wherein_server.lsp.protocol import Protocol
from wherein_server.lsp.shown_file import Buffers
from wherein_server.lsp.workspace import Served, Workspace

READERS = 4
"""Threads that read indexes. Reads of one index take turns anyway."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A command or custom request as it arrived."""

    arguments: object
    send_partial: Callable[[Any], None] | None
    """sends a part of the answer, if the client wants parts"""


Answering = Callable[[Call], Awaitable[dict[str, Any]]]


class WhereinServer(LanguageServer):
    """pygls' server with our protocol, the open workspace and threads for reading."""

    protocol: Protocol

    def __init__(self, overrides: Mapping[str, object], folder: Path | None = None) -> None:
        super().__init__(
            "wherein",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self.overrides: dict[str, object] = dict(overrides)
        """settings of the command line and of initializationOptions"""
        self.folder = folder
        """what is served to a client that names no folder"""
        self.folder_overrides: dict[str, dict[str, object]] = {}
        """settings of the section `wherein`, by folder; "" for all"""
        self.folders = Workspace(self, self._overrides_of)
        self.start: Callable[[], Awaitable[None]] = _nothing
        """opens the folders; a feature puts itself here"""
        self.restricted = False
        """whether nothing counts that comes from folders, which the user does not trust"""
        self.notices = Notices(self.protocol.tell)
        self.language_models = OtherLoop()
        self._started: asyncio.Task[None] | None = None
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="wherein-read")
        self._background: set[asyncio.Task[Any]] = set()
        self._calls: set[asyncio.Task[Any]] = set()
        """commands and requests of ours that are being answered"""

    @property
    def encoding(self) -> str:
        """The negotiated unit of columns."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    @property
    def told_of_files(self) -> bool:
        """Whether the client watches files for us."""
        workspace = self.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace is not None else None
        return bool(watched is not None and watched.dynamic_registration)

    def buffers(self) -> Buffers:
        """The documents that are open in the editor, as they are now."""
        documents = self.workspace.text_documents
        return Buffers({unquote(uri): document.source for uri, document in documents.items()})

    async def in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        """Run something that may wait, or compute, for more than a few milliseconds."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work, *arguments)

    def in_background(self, work: Awaitable[Any]) -> None:
        """Start something that nobody waits for; exceptions go to the log."""

        async def run() -> None:
            try:
                await work
            except JsonRpcException as error:
                _log.warning("the client answered: %s", error)
            except Exception:
                _log.exception("in the background")

        task = asyncio.get_running_loop().create_task(run())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def started(self) -> None:
        """Wait until the folders are open; start opening them if nobody has."""
        if self._started is None:
            self._started = asyncio.get_running_loop().create_task(self._start())
        await asyncio.shield(self._started)

    async def served(self, uri: object) -> list[Served]:
        """The repository of a document or folder; without a URI, all open ones."""
        await self.started()
        return [await self.folders.of(uri)] if isinstance(uri, str) else self.folders.all()

    def answers(self, name: str, title: str, answering: Answering) -> None:
        """Serve `wherein.NAME` as a command and `wherein/NAME` as a request, both cancellable."""

        async def command(params: types.ExecuteCommandParams) -> object:
            given = params.arguments or []
            if len(given) > 1:
                raise JsonRpcException("A command takes one object as its argument.", code=Code.ARGUMENTS)
            return await self._call(
                answering, given[0] if given else None, params.work_done_token, None, title
            )

        async def request(params: object) -> object:
            work, partial = _tokens(params)
            return await self._call(answering, params, work, partial, title)

        self.protocol.commands[f"wherein.{name}"] = command
        self.protocol.fm.commands[f"wherein.{name}"] = command  # what the client is told
        self.protocol.fm.features[f"wherein/{name}"] = request

    def stop(self) -> None:
        """Start nothing more and end what runs, so that every progress has its end and every request an answer."""
        self.notices.stop()
        for call in self._calls:
            call.cancel()
        self.folders.stop()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log it: an error in a notification is no reason to interrupt anybody."""
        if isinstance(error, JsonRpcException):
            _log.info("%s", error)
        else:
            _log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)

    async def _call(
        self, answering: Answering, arguments: object, work: Token | None, partial: Token | None, title: str
    ) -> object:
        def send(value: object) -> None:
            self.progress(types.ProgressParams(token=partial, value=value))  # type: ignore[arg-type]

        shown = isinstance(arguments, Mapping) and arguments.get("show") is True
        task = asyncio.current_task()
        assert task is not None
        self._calls.add(task)
        try:
            async with work_done(self, work, title, create=shown):
                return await answering(Call(arguments, None if partial is None else send))
        finally:
            self._calls.discard(task)

    async def _start(self) -> None:
        await self.start()

    def _overrides_of(self, uri: str) -> Mapping[str, object]:
        if self.restricted:
            return self.overrides
        folder = self.folder_overrides.get(uri, self.folder_overrides.get("", {}))
        return {**folder, **self.overrides}


async def _nothing() -> None:
    pass


def _tokens(params: object) -> tuple[Token | None, Token | None]:
    if not isinstance(params, Mapping):
        return None, None
    found: list[Token | None] = []
    for name in ("workDoneToken", "partialResultToken"):
        token = params.get(name)
        if token is not None and (isinstance(token, bool) or not isinstance(token, (str, int))):
            raise JsonRpcException(f"{name!r} must be a string or a whole number.", code=Code.ARGUMENTS)
        found.append(token)
    return found[0], found[1]
