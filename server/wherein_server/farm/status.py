"""What a farm is doing: queue, workers, repositories by state, and what went wrong."""

import time
from dataclasses import field
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein_server.farm.entry import STATES, Entry
from wherein_server.farm.farm import Farm


@dataclass(frozen=True, slots=True)
class FarmStatus:
    """At one moment."""

    repositories: list[Entry]
    states: dict[str, int]
    """how many repositories are in each"""
    queued: dict[str, int]
    """jobs, by what they are for"""
    running: list[dict[str, Any]]
    workers: list[dict[str, Any]]
    totals: dict[str, float]
    listed: dict[str, dict[str, Any]]
    """organisation → when it was last listed, how many repositories it had, what went wrong"""
    scheduler: bool
    """whether one is at work"""
    made_with: str
    oldest_wanted: float
    """seconds for which what is wanted the longest is wanted"""
    longest_unpolled: float
    """seconds since the look at the repository that was looked at the longest ago"""
    by_id: dict[str, Entry] = field(default_factory=dict, repr=False)


def status_of(farm: Farm) -> FarmStatus:
    """Ask for all of it: two round trips, and one for each 500 repositories."""
    from wherein_server.farm.work import made_with

    ledger, now = farm.ledger, time.time()
    current = made_with(farm)
    entries = sorted(ledger.entries(), key=lambda each: each.name)
    by_id = {each.id: each for each in entries}
    states: dict[str, int] = dict.fromkeys(STATES, 0)
    for each in entries:
        states[each.state(current)] += 1
    wanted = [each.wanted_at for each in entries if each.state(current) == "waiting" and each.wanted_at]
    polled = [each.polled_at for each in entries if not each.aside and each.polled_at]
    running = []
    told: dict[bytes, bytes] = ledger.client.hgetall(ledger.keys.listed)
    lists = {key.decode(): _listed(value.decode()) for key, value in told.items()}
    for name in farm.engine.running():
        identity, _, commit = name.rpartition("-")
        entry = by_id.get(identity)
        running.append(
            {
                "repository": entry.name if entry else identity,
                "commit": commit,
                "since": entry.began_at if entry and entry.began_at else None,
                "by": entry.began if entry else "",
            }
        )
    return FarmStatus(
        repositories=entries,
        states=states,
        queued=farm.engine.lengths(),
        running=running,
        workers=farm.engine.workers(),
        totals=ledger.totals(),
        listed=lists,
        scheduler=bool(ledger.client.exists(ledger.keys.scheduler)),
        made_with=current,
        oldest_wanted=now - min(wanted) if wanted else 0.0,
        longest_unpolled=now - min(polled) if polled else 0.0,
        by_id=by_id,
    )


def _listed(text: str) -> dict[str, Any]:
    at, count, wrong = [*text.split(" ", 2), "", ""][:3]
    return {"at": float(at or 0), "repositories": int(count or 0), "problem": wrong}
