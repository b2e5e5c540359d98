"""Looks where branches are: asks each repository's remote, and hands out what is new."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from wherein.errors import WhereinError
from wherein.git.remote import RemoteFailed, head_of
from wherein_server.farm.entry import Entry, Why
from wherein_server.farm.farm import Farm
from wherein_server.farm.hosts import HostBusy, rest, turn

AT_ONCE = 8
"""Remotes that one process asks at the same time: it waits for networks, and git takes 10 ms of a core each."""

SECONDS = 60.0
"""That one remote may take to answer."""

PATIENCE = 20.0

NOT_ITS_FAULT = frozenset({"unreachable", "too slow", "empty", "limited"})
"""Reasons for which a repository is looked at again however often it was so."""


def look(farm: Farm, entry: Entry) -> str:
    """Ask one remote; "" or what was wrong. What is new is wanted from now on, and handed out."""
    ledger = farm.ledger
    try:
        with turn(
            *(ledger.client, ledger.keys, entry.host),
            most=farm.file.per_host,
            holds=SECONDS + 5,
            patience=PATIENCE,
        ):
            head = head_of(entry.url, farm.mirrors, farm.access, branch=entry.branch, seconds=SECONDS)
    except HostBusy:
        return ""
    except RemoteFailed as error:
        if error.reason == "limited":
            rest(ledger.client, ledger.keys, entry.host)
            return error.message
        if not entry.aside:
            counts = error.reason not in NOT_ITS_FAULT
            ledger.noted(entry, error.reason, error.message, most=farm.file.tries if counts else 0)
        return error.message
    if entry.aside:
        return entry.reason
    why: Why = "push" if entry.indexed else "first"
    ledger.want(entry, head.commit, head.branch, why)
    if head.commit != entry.indexed or entry.made_with != farm.made_with:
        farm.engine.hand_out(entry.id, head.commit, why if head.commit != entry.indexed else "again")
    return ""


def look_at(farm: Farm, entries: Iterable[Entry], say: Callable[[str], object]) -> int:
    """Ask many at once; how many were asked. One that fails unexpectedly keeps none of the others from being asked."""

    def one(entry: Entry) -> None:
        try:
            if wrong := look(farm, entry):
                say(f"{entry.name}: {wrong}")
        except WhereinError as error:
            say(f"{entry.name}: {error.message}")

    with ThreadPoolExecutor(AT_ONCE, "wherein-farm") as threads:
        return sum(1 for _ in threads.map(one, entries))


def stale(farm: Farm, entries: Iterable[Entry], now: float | None = None) -> list[Entry]:
    """Those that were not looked at for as long as the file says, the longest ago first."""
    before = (time.time() if now is None else now) - farm.file.poll_minutes * 60
    return sorted(
        (each for each in entries if not each.aside and each.polled_at < before),
        key=lambda each: each.polled_at,
    )
