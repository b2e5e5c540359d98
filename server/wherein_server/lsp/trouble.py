"""Updates that fail: said once, in the editor, with what mends it at hand."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from wherein.errors import IndexIncompatible, WhereinError
from wherein.status import Progress, UpdateReport
from wherein_server.lsp.errors import plain

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer

REBUILD = "Rebuild the index"


class Trouble:
    """Tells each problem of one repository's updates until the next one that succeeds. Implements `Observer`."""

    def __init__(self, server: "WhereinServer", rebuild: Callable[[], None]) -> None:
        self._server = server
        self._rebuild = rebuild
        self._told = ""

    def began(self, step: Progress) -> None:
        """Nothing is wrong yet."""

    def moved(self, step: Progress) -> None:
        """Nothing is wrong yet."""

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """Say what went wrong, unless it was said before."""
        if problem is None:
            self._told = "" if report is not None else self._told
        elif problem.message != self._told:
            self._told = problem.message
            if isinstance(problem, IndexIncompatible):
                self._server.in_background(self._offer(problem))
            else:
                message = types.ShowMessageParams(types.MessageType.Warning, plain(problem))
                self._server.window_show_message(message)

    async def _offer(self, problem: WhereinError) -> None:
        chosen = await self._server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Warning,
                plain(problem),
                [types.MessageActionItem(REBUILD)],
            )
        )
        if chosen is not None and chosen.title == REBUILD:
            self._rebuild()
