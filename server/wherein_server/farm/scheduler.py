"""Hands out jobs: checks remotes, failures that are due, what a broker forgot, and what needs cleaning.

One process of a farm does this; others wait to take over. Everything that it knows is in the ledger, so it may die at
any time.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from wherein_server.farm.deep import hand_out, is_lacking
from wherein_server.farm.entry import Entry
from wherein_server.farm.farm import Farm
from wherein_server.farm.job import CLEAN
from wherein_server.farm.listing import bring_in
from wherein_server.farm.polling import look_at, stale

TICK = 1.0
"""Seconds between checks of what is due."""

ROUND = 10.0
"""Seconds between passes through the whole ledger: .3 s of processor time with 10,000 repositories."""

MOST_A_TICK = 32
"""Remotes that are asked between two checks of what is due: two seconds if they answer in half a second."""


class Scheduler:
    """Hands out jobs. `say` gets sentences for people."""

    def __init__(self, farm: Farm, say: Callable[[str], object]) -> None:
        self._farm = farm
        self._say = say
        self._token = f"{os.getpid()}-{os.urandom(6).hex()}".encode()
        self._listed_at = float("-inf")
        self._round_at = float("-inf")
        self._waits = False
        self._backlog: list[Entry] = []
        self._ended = threading.Event()
        threading.Thread(target=self._keep, daemon=True, name="wherein-scheduler").start()

    def tick(self) -> bool:
        """Do what is due now. Returns False if another scheduler does it. Raises errors of Redis."""
        if not self._leads():
            if not self._waits:
                self._say("Another scheduler is running; this one waits to take its place.")
            self._waits = True
            return False
        self._waits = False
        self._due()
        now = time.monotonic()
        if now - self._listed_at >= self._farm.file.list_minutes * 60:
            bring_in(self._farm, self._say)
            self._listed_at = time.monotonic()
        if now - self._round_at >= min(ROUND, self._farm.file.poll_minutes * 30):
            entries = list(self._farm.ledger.entries())
            self._hand_out(entries)
            self._backlog = stale(self._farm, entries)
            self._round_at = time.monotonic()
        asked, self._backlog = self._backlog[:MOST_A_TICK], self._backlog[MOST_A_TICK:]
        look_at(self._farm, asked, self._say)
        return True

    def round(self, *, everything: bool = False) -> int:
        """Hand out what is wanted, and ask remotes that were not asked for long (`everything`: all). Returns how many
        were asked."""
        entries = list(self._farm.ledger.entries())
        self._hand_out(entries)
        asked = [each for each in entries if not each.aside] if everything else stale(self._farm, entries)
        return look_at(self._farm, asked, self._say)

    def give_up(self) -> None:
        """Let another one take over at once."""
        self._ended.set()
        client = self._farm.ledger.client
        if client.get(self._farm.ledger.keys.scheduler) == self._token:
            client.delete(self._farm.ledger.keys.scheduler)

    def end(self) -> None:
        """Stop renewing the right; it then ends by itself."""
        self._ended.set()

    def _leads(self) -> bool:
        from wherein_server.farm.rq_parts import gone_after

        client, key = self._farm.ledger.client, self._farm.ledger.keys.scheduler
        if client.set(key, self._token, nx=True, ex=gone_after()):
            return True
        if client.get(key) != self._token:
            return False
        client.expire(key, gone_after())
        return True

    def _keep(self) -> None:
        """Renew the right to be the scheduler: asking remotes may take longer than it lasts."""
        from redis.exceptions import RedisError

        from wherein_server.farm.rq_parts import gone_after

        client, key = self._farm.ledger.client, self._farm.ledger.keys.scheduler
        while not self._ended.wait(gone_after() / 4):
            with suppress(RedisError, OSError, ValueError):
                if client.get(key) == self._token:
                    client.expire(key, gone_after())

    def _due(self) -> None:
        farm = self._farm
        for identity in farm.ledger.due():
            entry = farm.ledger.entry(identity)
            if entry is None or entry.aside:
                farm.ledger.handed_out(identity)
            elif not entry.wanted:
                look_at(farm, [entry], self._say)
                farm.ledger.handed_out(identity)
            elif farm.engine.hand_out(identity, entry.wanted, entry.why) or farm.engine.has(
                identity, entry.wanted
            ):
                farm.ledger.handed_out(identity)

    def _hand_out(self, entries: list[Entry]) -> None:
        """Hand out what is wanted and nobody has, because the queue was full or the broker lost it; and what is old."""
        farm, now = self._farm, time.time()
        waiting = farm.engine.names()
        later = {each.decode() for each in farm.ledger.client.zrange(farm.ledger.keys.due, 0, -1)}
        for entry in sorted(entries, key=lambda each: each.wanted_at):
            if entry.aside or entry.id in later:
                continue
            try:
                self._hand_out_one(entry, waiting, now)
            except (ValueError, LookupError) as error:  # what a broker that died left half done
                self._say(f"{entry.name} cannot be queued now ({type(error).__name__}: {error}).")

    def _hand_out_one(self, entry: Entry, waiting: set[str], now: float) -> None:
        farm = self._farm
        state = entry.state(farm.made_with)
        if state == "waiting" or (state == "failed" and entry.wanted):
            if not farm.engine.is_among(entry.id, entry.wanted, waiting):
                why = "again" if entry.indexed == entry.wanted else entry.why
                farm.engine.hand_out(entry.id, entry.wanted, why)
        elif state == "done" and is_lacking(farm, entry):
            hand_out(farm, entry)
        elif state == "done" and now - max(entry.cleaned_at, entry.indexed_at) > farm.file.clean_hours * 3600:
            farm.engine.hand_out(entry.id, CLEAN, "again")
