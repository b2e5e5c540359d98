"""The deep tier of an open repository: filled after its updates, without getting in the way of searches."""

import logging
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from wherein.deepening.client import FillProcess
from wherein.errors import WhereinError
from wherein.status import Progress, UpdateReport

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer
    from wherein_server.lsp.workspace import Served

SHOWN_KEPT = 200
"""Paths of results that go before others: of the last twenty searches."""

_log = logging.getLogger(__name__)


class Deepening:
    """Observes the updates of one repository."""

    def __init__(self, server: "WhereinServer", served: "Served") -> None:
        self._server = server
        self._served = served
        self._process = FillProcess()
        self._shown: deque[str] = deque(maxlen=SHOWN_KEPT)

    def began(self, step: Progress) -> None:
        """See `Observer`."""
        self.pause()

    def moved(self, step: Progress) -> None:
        """See `Observer`."""
        self.pause()

    def noted(self, sentence: str) -> None:
        """See `Observer`."""

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """See `Observer`. What was just indexed is filled next."""
        if report is not None and not report.busy and self._served.automatic:
            self._server.in_background(self._server.in_thread(self._begin))

    def pause(self) -> None:
        """Somebody searches, or something is indexed."""
        self._process.pause()

    def shown(self, paths: Iterable[str]) -> None:
        """What somebody was shown is wanted: it goes before what merely changed."""
        self._shown.extend(paths)

    def close(self) -> None:
        """End it."""
        self._process.end()

    def _begin(self) -> None:
        repository = self._served.repository
        try:
            if repository.settings.deep_model is None:
                return
            self._process.begin(
                repository.place,
                overrides=repository.overrides,
                restricted=self._server.restricted,
                first=list(dict.fromkeys([*self._open_files(), *reversed(self._shown)])),
            )
        except (OSError, WhereinError) as error:
            _log.warning("the deep tier of %s was not filled: %s", repository.place, error)

    def _open_files(self) -> list[str]:
        """Paths in the index of what the editor has open."""
        found = []
        for uri in list(self._server.workspace.text_documents):
            try:
                found.append(self._served.repository.path(uri))
            except WhereinError:  # it lies elsewhere
                continue
        return found
