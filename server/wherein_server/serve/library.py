"""The shelf of indexes for an event loop: in a few threads, within a time limit, and not for too many at once."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wherein.config.settings import Settings
from wherein.errors import NotFound, WhereinError
from wherein.index import Index
from wherein.shelf import Shelf
from wherein_server.serve.farm import FarmOfTheStore
from wherein_server.serve.metrics import Metrics
from wherein_server.serve.newest import NewestCommits
from wherein_server.serve.principal import Principal
from wherein_server.serve.refusal import Refusal

T = TypeVar("T")

THREADS = min(4, (os.cpu_count() or 1) + 1)
"""Most of a search is our own code, of which one thread runs at a time."""

MOST_WAITING = 64
"""Requests that wait for a thread; further ones are told to try again."""

ANSWER_SECONDS = 20.0

LOOK_SECONDS = 5.0
"""Between looks for repositories that were added. What is written to known ones is seen at once."""

_log = logging.getLogger(__name__)


class Library:
    """Call `start` before asking it, and `close` afterwards."""

    def __init__(self, settings: Settings, metrics: Metrics, farm: FarmOfTheStore) -> None:
        self.settings = settings
        self.metrics = metrics
        self.shelf = Shelf(settings)
        self.newest = NewestCommits(self.shelf, farm)
        self.problem = "The store has not been read yet."
        """why the store could not be read at the last look, or nothing"""
        self._threads = ThreadPoolExecutor(THREADS, "wherein-serve")
        self._waiting = 0
        self._stop = threading.Event()
        self._looking = threading.Thread(target=self._look_on, name="wherein-look", daemon=True)

    def start(self) -> None:
        """Look at the store, and keep looking."""
        self._look()
        self._looking.start()

    def close(self) -> None:
        """Close the store."""
        self._stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        if self._looking.is_alive():
            self._looking.join(LOOK_SECONDS)
        self.shelf.close()

    async def ask(self, what: Callable[[], T]) -> T:
        """What a function returns, in a thread. Raises Refusal if there are too many requests, or it takes too long."""
        if self._waiting >= MOST_WAITING:
            raise Refusal(503, "Too many requests at once.", remedy="try again in a second", wait=1)
        self._waiting += 1
        try:
            answer = asyncio.get_running_loop().run_in_executor(self._threads, what)
            return await asyncio.wait_for(answer, ANSWER_SECONDS)
        except TimeoutError:
            raise Refusal(504, f"There was no answer within {ANSWER_SECONDS:.0f} s.") from None
        finally:
            self._waiting -= 1

    def seen(self, who: Principal) -> list[str]:
        """The repositories that somebody may see."""
        return who.seen(self.shelf.names())

    def index(self, who: Principal, repository: str) -> Index:
        """One repository's index. Raises NotFound, the same whether it does not exist or may not be seen."""
        if not who.may_see(repository):
            raise _not_there(repository)
        try:
            return self.shelf.index(repository)
        except NotFound:
            raise _not_there(repository) from None

    def _look_on(self) -> None:
        self.shelf.warm(self._stop.is_set)
        self._look_at_clones(everywhere=True)
        while not self._stop.wait(LOOK_SECONDS):
            self._look()
            self._look_at_clones()

    def _look_at_clones(self, everywhere: bool = False) -> None:
        try:
            self.newest.look(everywhere)
        except Exception:
            _log.exception("a clone could not be read")

    def _look(self) -> None:
        try:
            self.shelf.look()
            self.problem = ""
        except WhereinError as error:
            self.problem = error.message
        except Exception:
            _log.exception("the store could not be read")
            self.problem = "The store could not be read."
        self.metrics.store(not self.problem)
        told: list[tuple[str, float | None, bool, int]] = []
        for name in self.shelf.names():
            if self._stop.is_set():
                return
            try:
                record = self.shelf.record(name)
            except WhereinError:
                continue
            told.append((name, record.updated, record.complete, record.chunks))
        self.metrics.indexes(told, len(self.shelf.disputed))


def _not_there(repository: str) -> NotFound:
    return NotFound(f"There is no repository {repository!r} here that you may see.")
