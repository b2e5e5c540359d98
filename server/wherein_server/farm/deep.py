"""The deep tier of a farm's indexes: embedded by as many workers as a repository's size needs, in pieces of some
minutes.

Workers share a repository's texts by claims in the store (deepening/fill.py), so nothing is embedded twice. A piece
ends after a while, whatever is left, so that what is pushed meanwhile waits no longer than that.
"""

import time
from collections.abc import Callable

from wherein.opening import open_view
from wherein_server.farm.entry import Entry
from wherein_server.farm.farm import Farm

DEEP = "deep"
"""In the place of a commit, before the number of a part: embed what the deep tier lacks."""

PIECE_SECONDS = 300.0

MOST_PARTS = 16

FAILED_PAUSE = 600.0
"""Seconds until it is tried again after a model or its server failed."""


def is_lacking(farm: Farm, entry: Entry) -> bool:
    """Whether the deep tier of what is indexed may not be whole."""
    setting = farm.settings.deep_model
    if setting is None or not entry.indexed or entry.deep == _known_as(setting, entry):
        return False
    return time.time() - entry.deep_failed_at > FAILED_PAUSE


def hand_out(farm: Farm, entry: Entry) -> None:
    """Queue as many parts as the repository is large."""
    for part in range(min(1 + entry.chunks // farm.file.deep_part_chunks, MOST_PARTS)):
        farm.engine.hand_out(entry.id, f"{DEEP}{part}", "again")


def deepen(farm: Farm, entry: Entry, say: Callable[[str], object]) -> None:
    """Do a part; raises WhereinError if the model or the store fails."""
    setting = farm.settings.deep_model
    if setting is None or not entry.indexed_branch:
        return
    until = time.monotonic() + PIECE_SECONDS
    with open_view(farm.settings, entry.name, entry.indexed_branch) as index:
        report = index.deepen(stop=lambda: time.monotonic() > until)
    if report.chunks and report.filled == report.chunks:
        farm.ledger.deepened(entry, _known_as(setting, entry))
    if report.embedded:
        say(f"{entry.name}: {report.embedded} chunks embedded deep, {report.filled} of {report.chunks} there")


def _known_as(setting: str, entry: Entry) -> str:
    return f"{setting}@{entry.indexed}"
