"""The state of one repository, for a status line: what it does, what is wrong, whether a model answers."""

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from wherein.errors import StoreBusy, StoreForbids, StoreUnreachable, UpdateLost, WhereinError
from wherein.status import Progress, UpdateReport
from wherein_server.lsp.errors import told_problem
from wherein_server.lsp.notices import INDEX_CHANGED, STATE_CHANGED, Notices
from wherein_server.lsp.results import Block, index_block
from wherein_server.lsp.uris import to_uri

if TYPE_CHECKING:
    from wherein import Index
    from wherein_server.lsp.server import WhereinServer
    from wherein_server.lsp.workspace import Served

GROWING_EVERY = 2.0
"""Seconds between notifications about an index that grows while files are read."""


class State:
    """Knows the state, and notifies listeners. Implements `Observer`."""

    def __init__(self, server: "WhereinServer", served: "Served") -> None:
        self._server = server
        self._served = served
        self._looked = False
        """whether a first update is over"""
        self._unread: WhereinError | None = None
        """why the index could not be read the last time"""
        self._endpoint: dict[str, Any] = {"state": "unknown", "model": None, "problem": None}
        self._grown = 0.0
        self._serial = 0
        """goes up with each change of what is indexed"""

    def told(self) -> dict[str, Any]:
        """Everything except what the index holds."""
        updater = self._served.updater
        step, problem = updater.step, updater.problem or self._unread
        return {
            "root": to_uri(self._served.repository.place),
            "folders": sorted(self._served.uris),
            "state": self._word(step, problem),
            "progress": None if step is None else asdict(step),
            "store": "away" if _is_away(problem) else "there",
            "problem": None if problem is None else told_problem(problem),
            "endpoint": self._endpoint,
        }

    def began(self, step: Progress) -> None:
        """Files are being read."""
        self._grown = time.monotonic()
        self.changed()

    def moved(self, step: Progress) -> None:
        """Some can be found by now."""
        self.changed()
        if time.monotonic() > self._grown + GROWING_EVERY:
            self._grown = time.monotonic()
            self._serial += 1
            self._index_changed()

    def noted(self, sentence: str) -> None:
        """Does not affect the state."""

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """The index is as it is now; the look may have been in vain."""
        self._looked = True
        if problem is None:
            self._unread = None
            self._serial += report is None or _has_changes(report)
            self._index_changed()
        self.changed()

    def read(self, problem: WhereinError | None) -> None:
        """Whether a question could be answered from the index."""
        if (problem is None) != (self._unread is None):
            self._unread = problem
            self.changed()

    def model_answers(self, model: str) -> None:
        """A language model is known."""
        self._set_endpoint({"state": "known", "model": model, "problem": None})

    def model_fails(self, problem: WhereinError) -> None:
        """No language model answered."""
        self._set_endpoint({"state": "away", "model": None, "problem": told_problem(problem)})

    def changed(self) -> None:
        """Send a notification soon."""

        async def make() -> dict[str, Any]:
            return self.told()

        self._notices.changed(STATE_CHANGED, self, make)

    def close(self) -> None:
        """Send nothing more."""
        self._notices.forget(self)

    @property
    def _notices(self) -> Notices:
        return self._server.notices

    def _set_endpoint(self, endpoint: dict[str, Any]) -> None:
        self._endpoint = endpoint
        self.changed()

    def _index_changed(self) -> None:
        self._notices.changed(INDEX_CHANGED, self, self._index)

    async def _index(self) -> dict[str, Any] | None:
        def block(index: "Index") -> Block:
            return index_block(index, self._served)

        try:
            told = await self._server.in_thread(self._served.repository.reading, block)
        except WhereinError:
            return None  # there is none
        return {
            "root": to_uri(self._served.repository.place),
            "folders": sorted(self._served.uris),
            "index": told,
            "serial": self._serial,
        }

    def _word(self, step: Progress | None, problem: WhereinError | None) -> str:
        if step is not None:
            return "indexing"
        if problem is not None:
            return "failed"
        if self._served.updater.stopped:
            return "stopped"
        return "idle" if self._looked or not self._served.automatic else "starting"


def _has_changes(report: UpdateReport) -> bool:
    return bool(report.files_added or report.files_changed or report.files_removed or report.files_embedded)


def _is_away(problem: WhereinError | None) -> bool:
    refused = isinstance(problem, (StoreForbids, StoreBusy, UpdateLost))
    return isinstance(problem, StoreUnreachable) and not refused
