"""Failed updates, and what else they report: said once, in the editor, with a remedy at hand."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from wherein.errors import IndexIncompatible, NotAgreed, WhereinError
from wherein.status import Progress, UpdateReport
from wherein_server.lsp.errors import plain

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer

REBUILD = "Rebuild the index"
INDEX = "Index this folder"


class Trouble:
    """Tells each problem of one repository's updates until the next one that succeeds. Implements `Observer`."""

    def __init__(
        self, server: "WhereinServer", rebuild: Callable[[], None], agree: Callable[[], None]
    ) -> None:
        self._server = server
        self._rebuild = rebuild
        self._agree = agree
        self._told = ""
        self._noted: set[str] = set()

    def began(self, step: Progress) -> None:
        """Nothing is wrong yet."""

    def moved(self, step: Progress) -> None:
        """Nothing is wrong yet."""

    def noted(self, sentence: str) -> None:
        """Whose the name is that another repository has, for one: once a session."""
        if sentence not in self._noted:
            self._noted.add(sentence)
            message = types.ShowMessageParams(types.MessageType.Warning, plain(WhereinError(sentence)))
            self._server.window_show_message(message)

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """Say what went wrong, unless it was said before."""
        if problem is None:
            self._told = "" if report is not None else self._told
        elif problem.message != self._told:
            self._told = problem.message
            if isinstance(problem, IndexIncompatible):
                self._server.in_background(self._offer(problem, REBUILD, self._rebuild))
            elif isinstance(problem, NotAgreed):
                self._server.in_background(self._offer(problem, INDEX, self._agree))
            else:
                message = types.ShowMessageParams(types.MessageType.Warning, plain(problem))
                self._server.window_show_message(message)

    async def _offer(self, problem: WhereinError, action: str, do: Callable[[], None]) -> None:
        chosen = await self._server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Warning,
                plain(problem),
                [types.MessageActionItem(action)],
            )
        )
        if chosen is not None and chosen.title == action:
            do()
