"""When an index is updated: requests are gathered, one update runs at a time, failures are retried."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from wherein.errors import StoreUnreachable, WhereinError
from wherein.following import look_pause
from wherein.status import Progress, UpdateReport
from wherein_server.lsp.update_client import UpdateProcess

SAVE_DELAY = 0.03
"""Seconds in which further saves join an update. A saved file should be found within 0.2."""

BUSY_RETRY = 1.0
"""Seconds until an index that another process is updating is looked at again."""

STORE_RETRIES = (1.0, 2.0, 5.0, 10.0)
"""Seconds until a store that could not be reached is tried again; the last one repeats."""

IDLE_SECONDS = 300.0
"""After this long without an update, its process (some 80 MB) is ended."""

_log = logging.getLogger(__name__)


class Observer(Protocol):
    """Is notified of updates, in the event loop."""

    def began(self, step: Progress) -> None:
        """Something has to be read and embedded."""
        ...

    def moved(self, step: Progress) -> None:
        """A step is done."""
        ...

    def noted(self, sentence: str) -> None:
        """Something that the user should know, sent with each update."""
        ...

    def ended(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        """It is over; both arguments are None if it was cancelled."""
        ...


def _told(unforeseen: Exception) -> WhereinError:
    """An unexpected failure must not leave anybody waiting, or a progress without an end."""
    _log.error("unexpected", exc_info=unforeseen)
    return WhereinError(
        f"Indexing failed unexpectedly ({type(unforeseen).__name__}).",
        remedy="the server's log has the details; please report it",
    )


class Updater:
    """The updates of one index."""

    def __init__(
        self,
        place: Path,
        overrides: Callable[[], Mapping[str, object]],
        observers: Sequence[Observer],
        *,
        restricted: bool = False,
    ) -> None:
        self._place = place
        self._restricted = restricted
        self._overrides = overrides
        self._observers = observers
        self._process = UpdateProcess()
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._wanted = False
        self._files: frozenset[Path] | None = None
        """what is told to have changed, of what is wanted; None: anything may have"""
        self._force = False
        self._later: asyncio.TimerHandle | None = None
        """a look at all files that is due"""
        self._look_took = 0.0
        self._compared = False
        """whether the last look at all files went well"""
        self._stopped = False
        """somebody cancelled an update: questions alone begin no other until something happens"""
        self._waiting: list[asyncio.Future[UpdateReport]] = []
        self._ended = 0.0
        self.step: Progress | None = None
        """how far the update is that is running; None where nothing is being embedded"""
        self.problem: WhereinError | None = None
        """why the last update failed"""
        self.looked = False
        """whether an update has compared the index with the disk, and nothing is known to have happened since"""

    @property
    def running(self) -> bool:
        """Whether an update runs, or is about to."""
        return self._task is not None and not self._task.done()

    @property
    def stopped(self) -> bool:
        """Whether somebody cancelled an update, and nothing has happened since."""
        return self._stopped

    def standing(self) -> tuple[int | None, bool]:
        """How many files the index is known to be behind the disk, and whether some are being indexed. From any thread:
        both are of the same moment, even if the update ends meanwhile."""
        step = self.step
        if step is not None:
            return step.files_total - step.files_done, True
        return (0 if self.looked else None), False

    def request(
        self, *, delay: float = SAVE_DELAY, force: bool = False, files: Collection[Path] | None = None
    ) -> None:
        """Update soon, because something has happened: to these files, or anything. Requests made while an update runs
        are served after it."""
        self.looked = self._stopped = False
        self._begin(delay, force, files)

    def _begin(self, delay: float, force: bool = False, files: Collection[Path] | None = None) -> None:
        before = self._files if self._wanted else frozenset[Path]()
        self._files = None if files is None or before is None else before.union(files)
        self._wanted = True
        self._force = self._force or force
        if not self.running:
            if self._idle is not None:
                self._idle.cancel()
            self._task = asyncio.get_running_loop().create_task(self._work(delay))

    def request_if_older(self, seconds: float) -> None:
        """Check soon whether something has happened, if the last update ended longer ago than this."""
        if not self.running and not self._stopped and time.monotonic() - self._ended > seconds:
            self._begin(SAVE_DELAY)

    async def update(self, *, force: bool = False) -> UpdateReport:
        """Update, and wait for it. Raises WhereinError if it fails, CancelledError if it was cancelled."""
        waiting: asyncio.Future[UpdateReport] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self.request(delay=0.0, force=force)
        return await waiting

    def cancel(self) -> None:
        """End the running update; the next request starts another."""
        self._no_look_later()
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        self._task = None
        self._process.kill()
        self._wanted = self._force = False
        self._stopped = True
        self._finish(None, None)
        self._answer(asyncio.CancelledError())

    def close(self) -> None:
        """End everything, at once."""
        self.cancel()
        self._process.kill()

    async def _work(self, delay: float) -> None:
        """Rounds, until nothing more is requested."""
        failures = 0
        await asyncio.sleep(delay)
        while self._wanted:
            pause = await self._round(failures)
            failures = failures + 1 if self.problem is not None else 0
            if pause:
                await asyncio.sleep(pause)
                self._wanted, self._files = True, None
        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._process.kill)

    async def _round(self, failures: int) -> float:
        """One update. Returns the seconds after which to try again; 0 if that is not needed."""
        self._wanted, force, self._force = False, self._force, False
        files, waiting, self._waiting = self._files, self._waiting, []
        if files is None:
            self._no_look_later()
            self._compared = False
        try:
            report = await self._process.update(
                self._place,
                self._overrides(),
                restricted=self._restricted,
                force=force,
                files=files,
                progress=self._progress,
                note=self._note,
            )
        except asyncio.CancelledError:
            self._waiting += waiting
            raise
        except Exception as unforeseen:
            error = unforeseen if isinstance(unforeseen, WhereinError) else _told(unforeseen)
            self._waiting += waiting
            self._finish(None, error)
            self._answer(error)
            if isinstance(error, StoreUnreachable):
                return STORE_RETRIES[min(failures, len(STORE_RETRIES) - 1)]
            return 0.0
        if report.busy:  # whoever waits goes on waiting
            self._waiting += waiting
            self._force = self._force or force
            return BUSY_RETRY
        if files is None:
            self._compared, self._look_took = True, report.seconds
        elif self._later is None:
            pause = look_pause(self._look_took)
            self._later = asyncio.get_running_loop().call_later(pause, self._begin, 0.0)
        self.looked = self._compared and not self._wanted
        self._finish(report, None)
        self._answer(report, waiting)
        return 0.0

    def _no_look_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _progress(self, step: Progress) -> None:
        first, self.step = self.step is None, step
        for observer in self._observers:
            observer.began(step) if first else observer.moved(step)

    def _note(self, sentence: str) -> None:
        for observer in self._observers:
            observer.noted(sentence)

    def _finish(self, report: UpdateReport | None, problem: WhereinError | None) -> None:
        self.step = None
        self.problem = problem
        self._ended = time.monotonic()
        if problem is not None:
            _log.warning("%s: %s", self._place, problem)
        for observer in self._observers:
            observer.ended(report, problem)

    def _answer(
        self,
        outcome: UpdateReport | BaseException,
        waiting: "list[asyncio.Future[UpdateReport]] | None" = None,
    ) -> None:
        if waiting is None:
            waiting, self._waiting = self._waiting, []
        for future in waiting:
            if future.done():
                continue
            if isinstance(outcome, UpdateReport):
                future.set_result(outcome)
            elif isinstance(outcome, asyncio.CancelledError):
                future.cancel()
            else:
                future.set_exception(outcome)
