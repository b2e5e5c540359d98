"""Does two things at once: one of them on a second thread, if that is free."""

import os
import threading
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class OnSecondThread(Generic[T]):
    """A piece of work that a second thread begins as soon as it can.

    SQLite lets go of the interpreter while it works: on two cores a query takes as long as the longer of its parts.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._begun = threading.Lock()
        self._done: SimpleQueue[tuple[T] | BaseException] = SimpleQueue()
        _waiting().put(self.begin)

    def begin(self) -> None:
        """Do it, unless it was begun already."""
        if self._begun.acquire(blocking=False):
            try:
                self._done.put((self._work(),))
            except BaseException as error:
                self._done.put(error)

    def result(self) -> T:
        """What came of it, or its error; to be asked for once. Where the second thread was not so quick, this one
        does it."""
        self.begin()
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done[0]


@cache
def _waiting() -> "SimpleQueue[Callable[[], None]]":
    """What the second thread of this process is to do; the thread is begun at the first call."""
    waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def work() -> None:
        while True:
            waiting.get()()

    threading.Thread(target=work, name="wherein-beside", daemon=True).start()
    return waiting


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_waiting.cache_clear)
