"""Notifications to clients that asked for them: the latest state of each thing, never more than a few a second."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any

INDEX_CHANGED = "wherein/indexChanged"
STATE_CHANGED = "wherein/stateChanged"
NAMES = (INDEX_CHANGED, STATE_CHANGED)

EVERY = 0.3
"""Seconds between two of one name: a status line needs no more, and an update moves a hundred times a second."""

SOON = 0.03
"""Seconds in which changes that follow one another are one."""

Params = dict[str, Any]
Making = Callable[[], Awaitable[Params | None]]
"""What there is to say when it is sent; None for nothing."""

_log = logging.getLogger(__name__)


class Notices:
    """What changed and was not told yet."""

    def __init__(self, send: Callable[[str, Params], None], wanted: frozenset[str] = frozenset()) -> None:
        self._send = send
        self._wanted = wanted
        self._waiting: dict[tuple[str, Hashable], Making] = {}
        self._told: dict[tuple[str, Hashable], Params] = {}
        self._next: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def want(self, names: frozenset[str]) -> None:
        """Send these from now on."""
        self._wanted = names

    def changed(self, name: str, of: Hashable, make: Making) -> None:
        """Something of one thing has changed. It is made, and told if it differs from the last word, when its turn
        comes."""
        if name not in self._wanted:
            return
        self._waiting[name, of] = make
        if name not in self._tasks or self._tasks[name].done():
            self._tasks[name] = asyncio.get_running_loop().create_task(self._tell(name))

    def forget(self, of: Hashable) -> None:
        """Nothing more is to be said of it."""
        for name in NAMES:
            self._waiting.pop((name, of), None)
            self._told.pop((name, of), None)

    def stop(self) -> None:
        """Say no more."""
        self._wanted = frozenset()
        self._waiting.clear()
        for task in self._tasks.values():
            task.cancel()

    async def _tell(self, name: str) -> None:
        while key := next((key for key in self._waiting if key[0] == name), None):
            await asyncio.sleep(max(SOON, self._next.get(name, 0.0) - time.monotonic()))
            make = self._waiting.pop(key, None)
            if make is None:
                continue
            try:
                params = await make()
            except Exception:  # the next change is told again
                _log.exception("telling %s", name)
                continue
            if params is not None and params != self._told.get(key):
                self._told[key] = params
                self._next[name] = time.monotonic() + EVERY
                self._send(name, params)


def wanted(options: object) -> frozenset[str]:
    """The names in `notify` of initializationOptions; others are left out, and told in the log."""
    given = options.get("notify") if isinstance(options, Mapping) else None
    if given is None:
        return frozenset()
    if not isinstance(given, list):
        _log.warning("notify in initializationOptions is not a list of names; it is ignored")
        return frozenset()
    unknown = [name for name in given if name not in NAMES]
    if unknown:
        _log.warning("there is no notification %s; there are %s", unknown[0], " and ".join(NAMES))
    return frozenset(name for name in given if name in NAMES)
