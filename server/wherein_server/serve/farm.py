"""The farm that works for the server's store, as far as the server's user may read its ledger."""

import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from wherein.config.settings import Settings
from wherein.errors import ConfigError, WhereinError
from wherein.store.open import in_redis

if TYPE_CHECKING:
    from wherein_server.farm.entry import Entry
    from wherein_server.farm.farm import Farm
    from wherein_server.farm.farmfile import FarmFile
    from wherein_server.farm.status import FarmStatus

ASKED_AGAIN = 30.0
"""Seconds for which it is remembered whether there is a farm."""


_log = logging.getLogger(__name__)


class FarmOfTheStore:
    """Used by several threads; at worst two of them ask the same. `file` says how long a job may take that is handed
    out from here."""

    def __init__(self, settings: Settings, file: "FarmFile | None" = None) -> None:
        self._settings, self._file = settings, file
        self._farm: Farm | None = None
        self._there, self._asked = False, float("-inf")

    def there(self) -> bool:
        """Whether there is one whose ledger can be read."""
        now = time.monotonic()
        if now - self._asked > ASKED_AGAIN:
            self._asked = now
            try:
                self._there = in_redis(self._settings.store) and self.opened().ledger.count() > 0
            except Exception:  # no Redis, no right to read there, not installed: nothing that could be shown
                self._there = False
        return self._there

    def status(self) -> "FarmStatus":
        """What it is doing. Raises ConfigError if there is none, StoreUnreachable."""
        from wherein.store.redis.connection.failures import explained
        from wherein_server.farm.status import status_of

        if not self.there():
            raise ConfigError("There is no farm for this store.", remedy="wherein farm add URL")
        farm = self.opened()
        with explained(farm.target.shown):
            return status_of(farm)

    def entries(self, names: Collection[str]) -> "list[Entry]":
        """What its ledger says of these repositories; nothing if there is none, or it cannot be asked."""
        if not self.there():
            return []
        try:
            return list(self.opened().ledger.entries_named(names))
        except Exception as error:  # an answer is worth as much without
            _log.info("the farm's list cannot be read: %s", error)
            return []

    def metrics(self) -> str:
        """What it is doing, for Prometheus; nothing if there is none, or it cannot be asked."""
        from wherein_server.farm.metrics import exposition

        if not self.there():
            return ""
        try:
            return exposition(self.status())
        except WhereinError as error:
            _log.warning("the farm's list cannot be read: %s", error.message)
            return ""

    def opened(self) -> "Farm":
        """It, whether or not anything was entered. Raises ConfigError if the store is no Redis, or packages are
        missing."""
        from wherein_server.farm.farm import open_farm
        from wherein_server.farm.farmfile import FarmFile

        if self._farm is None:
            self._farm = open_farm(self._settings, self._file or FarmFile())
        return self._farm
