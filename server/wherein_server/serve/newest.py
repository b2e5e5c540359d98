"""How far the indexes are behind, as far as the server can tell cheaply: from the ledger of the store's farm, which has
the newest push, or from the clone on this machine that an index of the embedded store belongs to."""

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

from wherein.errors import WhereinError
from wherein.git.ahead import Stamp, ahead, moved
from wherein.indexing.history import REF
from wherein.shelf import Shelf
from wherein_server.cli.wording import count
from wherein_server.farm.entry import Entry
from wherein_server.serve.farm import FarmOfTheStore

BOOK_SECONDS = 5.0
"""For how long an answer of the farm's ledger is reused: asking takes one round trip for each 500 repositories."""

MOST_AT_START = 100
"""Clones that are looked at before anybody asks for them: one second."""

ASKED_SECONDS = 60.0
"""For how long a clone is looked at repeatedly after an answer was about it."""


class Newest(NamedTuple):
    """Where a repository's branch is now."""

    commit: str
    seen: float | None
    """when that was first seen, in seconds since the epoch; None if nobody recorded it"""
    commits: int | None
    """that the index lacks; None if they were not counted"""


def in_words(newest: Newest | None) -> str:
    """How far an answer is behind, in words; empty if nobody knows."""
    if newest is None:
        return ""
    if newest.commits is None:
        return f"behind {newest.commit[:7]}"
    return f"{count(newest.commits, 'commit')} behind" if newest.commits else "up to date"


class NewestCommits:
    """Several threads call `of`; one calls `look`, again and again."""

    def __init__(self, shelf: Shelf, farm: FarmOfTheStore) -> None:
        self._shelf, self._farm = shelf, farm
        self._lock = threading.Lock()
        self._book: dict[str, tuple[float, Entry | None]] = {}
        self._asked: dict[str, float] = {}
        self._stamps: dict[str, tuple[Stamp, str | None]] = {}
        self._clones: dict[str, Newest] = {}

    def of(self, commits: Mapping[str, str | None]) -> dict[str, Newest]:
        """For repositories, with the commits that their indexes are at, where their branches are. Those of which
        nothing is known are missing, such as a clone that was not looked at yet: no process is waited for."""
        now = time.monotonic()
        with self._lock:
            self._asked |= dict.fromkeys(commits.keys() & self._shelf.folders.keys(), now)
            clones = {name: self._clones[name] for name in commits.keys() & self._clones.keys()}
        return {**clones, **self._of_farm(commits, now)}

    def look(self, everywhere: bool = False) -> None:
        """Look where recently requested clones are, or some of all."""
        with self._lock:
            late = time.monotonic() - ASKED_SECONDS
            self._asked = {name: when for name, when in self._asked.items() if when > late}
            wanted = list(self._shelf.folders)[:MOST_AT_START] if everywhere else list(self._asked)
        for name in wanted:
            self._look_at(name)

    def _look_at(self, name: str) -> None:
        folder = self._shelf.folders.get(name)
        try:
            index = self._shelf.index(name)
            since = self._shelf.record(name).commit
        except WhereinError:
            return
        if folder is None:
            return
        branch = index.view.split(":")[1] if index.view.startswith(REF) else ""
        stamp = moved(folder, branch)
        if self._stamps.get(name) == (stamp, since):
            return
        found = ahead(folder, branch, since) if stamp else None
        with self._lock:
            self._stamps[name] = stamp, since
            self._clones.pop(name, None)
            if found is not None:
                self._clones[name] = Newest(found.commit, None, found.count)

    def _of_farm(self, commits: Mapping[str, str | None], now: float) -> dict[str, Newest]:
        with self._lock:
            known = {name: self._book[name] for name in commits if name in self._book}
        stale = [name for name in commits if name not in known or now - known[name][0] > BOOK_SECONDS]
        if stale:
            entries = {entry.name: entry for entry in self._farm.entries(stale)}
            known |= {name: (now, entries.get(name)) for name in stale}
            with self._lock:
                self._book |= {name: known[name] for name in stale}
        return {
            name: Newest(entry.wanted, entry.wanted_at or None, 0 if entry.wanted == commits[name] else None)
            for name, (_, entry) in known.items()
            # an index that is at neither was written by somebody else
            if entry is not None and entry.wanted and commits[name] in (entry.wanted, entry.indexed)
        }
