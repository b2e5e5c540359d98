"""Work-done progress: of updates, which the server begins, and of requests that bring a token."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from wherein.errors import WhereinError
from wherein.status import Progress, UpdateReport

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer

REPORT_EVERY = 0.1
"""Seconds between reports of one update: editors redraw at each."""

CREATE_SECONDS = 5.0
"""A client that does not answer the creation of a progress has none."""

Token = str | int


class UpdateProgress:
    """Shows the updates of one repository, each from its first file to its end. Implements `Observer`."""

    def __init__(self, server: "WhereinServer", name: str, cancel: Callable[[], None]) -> None:
        self._server = server
        self._name = name
        self._cancel = cancel
        self._token: Token | None = None
        self._creating: asyncio.Task[None] | None = None
        self._step = Progress(0, 0, 0)
        self._next = 0.0

    def began(self, step: Progress) -> None:
        """Ask the client for a progress bar, without waiting for it."""
        self._step = step
        window = self._server.client_capabilities.window
        if window is not None and window.work_done_progress:
            self._creating = asyncio.get_running_loop().create_task(self._create(f"wherein-{uuid.uuid4()}"))

    def moved(self, step: Progress) -> None:
        """Move the bar, not too often."""
        self._step = step
        now = time.monotonic()
        if self._token is not None and now >= self._next:
            self._next = now + REPORT_EVERY
            self._server.work_done_progress.report(
                self._token,
                types.WorkDoneProgressReport(
                    message=_told(step), percentage=_percentage(step), cancellable=True
                ),
            )

    def noted(self, sentence: str) -> None:
        """No matter of progress."""

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """Take the bar away."""
        if self._creating is not None:
            if self._token is None:
                self._creating.cancel()
            self._creating = None
        if self._token is not None:
            message = "cancelled" if report is None else f"{report.files_embedded:,} files"
            self._close(problem.message if problem is not None else message)

    async def _create(self, token: Token) -> None:
        progress = self._server.work_done_progress
        with contextlib.suppress(Exception):  # a client that refuses has no bar
            await asyncio.wait_for(progress.create_async(token), CREATE_SECONDS)
            if self._creating is not asyncio.current_task():
                return  # over already: Python before 3.12 lets an answer that came at that moment win over cancelling
            self._token = token
            title = f"Indexing {self._name}"
            begin = types.WorkDoneProgressBegin(
                title=title, message=_told(self._step), percentage=_percentage(self._step), cancellable=True
            )
            progress.begin(token, begin)
            progress.tokens[token].add_done_callback(
                lambda future: self._cancel() if future.cancelled() else None
            )

    def _close(self, message: str) -> None:
        token, self._token = self._token, None
        assert token is not None
        _end(self._server, token, message)


@asynccontextmanager
async def work_done(
    server: "WhereinServer", token: Token | None, title: str, *, create: bool = False
) -> AsyncIterator[None]:
    """Progress of a request, which brings a token or wants one made; cancelling it cancels the task that is in here."""
    progress = server.work_done_progress
    window = server.client_capabilities.window
    if token is None and create and window is not None and window.work_done_progress:
        token = f"wherein-{uuid.uuid4()}"
        try:
            await asyncio.wait_for(progress.create_async(token), CREATE_SECONDS)
        except (TimeoutError, JsonRpcException):
            token = None
    if token is None:
        yield
        return
    progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
    task = asyncio.current_task()
    assert task is not None
    progress.tokens[token].add_done_callback(lambda future: task.cancel() if future.cancelled() else None)
    try:
        yield
    finally:
        _end(server, token)


def end_all(server: "WhereinServer") -> None:
    """At the end of the server: what is still at work will not come to tell its end."""
    for token in list(server.work_done_progress.tokens):
        _end(server, token, "the server is shutting down")


def _end(server: "WhereinServer", token: Token, message: str | None = None) -> None:
    """Once: what the end of the server has ended already is not ended again by what was at work."""
    if server.work_done_progress.tokens.pop(token, None) is not None:
        server.work_done_progress.end(token, types.WorkDoneProgressEnd(message=message))


def _told(step: Progress) -> str:
    return f"{step.files_done:,} of {step.files_total:,} files"


def _percentage(step: Progress) -> int:
    return min(100, 100 * step.files_done // max(1, step.files_total))
