"""The run in the background: waits until it is quiet, indexes what was requested, looks once more, ends.

There is one at a time, for all repositories of a user. Requests that arrive meanwhile count as one, and what is indexed
is what is there when their turn comes: the last of a thousand commits, the end of a rebase.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.deepening.client import FillProcess
from wherein.errors import IndexMissing, WhereinError
from wherein.git.command import COUNTED_VARIABLES, KEPT_VARIABLES
from wherein.git.repository import Repository, find_repository
from wherein.hooks import journal
from wherein.hooks.spool import Spool
from wherein.indexing.background import ONE_CORE, Postponed, require_mains, step_aside
from wherein.indexing.history import REF, kept_branches
from wherein.naming.claims import marked
from wherein.status import UpdateReport

if TYPE_CHECKING:
    from wherein.index import Index

QUIET = 0.4
"""Seconds without a request after which a run begins. One git command may request two or three times."""

QUIET_IN_REBASE = 8.0
"""The same during a rebase or a bisection: its commits may take long, and one that waits for its user is indexed as it
is."""

MOST_WAIT = 10.0
"""Seconds for which an endless series of requests keeps a run from beginning."""

MOST_WAIT_IN_REBASE = 600.0

LOOK = 0.1

REBASES = ("rebase-merge", "rebase-apply", "sequencer", "BISECT_LOG")
"""In a git folder while git is rebasing. The hook that reports the end may run before they are gone, so nothing may be
left out because of them."""


def serve(state: Path) -> int:
    """Do what was requested in a folder of requests. Returns the number of runs; none if somebody else does it.

    Errors become lines of the journal. Raises OSError if the folder cannot be used.
    """
    spool, runs = Spool(state), 0
    while True:
        with spool.alone() as alone:
            while alone and spool.waiting():
                _settle(spool)
                places = spool.take()
                for place in places:
                    journal.note(state, _run(place))
                    runs += 1
                spool.done()
                _deepen(places, lambda: spool.age() is not None)
        if not spool.step_down() and not alone:
            return runs  # who holds the lock looks once more when he has let go of it
        if not spool.waiting():
            return runs


def detach() -> None:
    """Leave the terminal, the process group and the repository that the hook belongs to."""
    if hasattr(os, "setsid"):
        with suppress(OSError):
            os.setsid()
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for name in list(os.environ):
        if name.startswith("GIT_") and name not in KEPT_VARIABLES and not name.startswith(COUNTED_VARIABLES):
            del os.environ[name]
    step_aside()


def _settle(spool: Spool) -> None:
    """Return once it is quiet."""
    began = time.monotonic()
    while (age := spool.age()) is not None:
        waited = time.monotonic() - began
        rebasing = any(map(_is_rebased, spool.peek())) if age >= QUIET or waited > MOST_WAIT else False
        quiet, most = (QUIET_IN_REBASE, MOST_WAIT_IN_REBASE) if rebasing else (QUIET, MOST_WAIT)
        if age >= quiet or waited > most:
            return
        time.sleep(LOOK)


def _run(place: Path) -> journal.Run:
    began, clock = time.time(), time.monotonic()
    try:
        result, says = "done", _index(place)
    except Postponed as reason:
        result, says = "skipped", str(reason)
    except WhereinError as error:
        result, says = "failed", f"{error.message} Try: {error.remedy}" if error.remedy else error.message
    except Exception as error:  # of one place; the others must have their turn
        result, says = "failed", f"{type(error).__name__}: {error}"
    return journal.run_in(place, began, time.monotonic() - clock, result, says)


def _index(place: Path) -> str:
    """Bring what is in a place up to date. Returns what was done, in words."""
    from wherein.config.load import load_settings

    repository = checked_out(place)
    if (
        repository is None
    ):  # a home folder with a git folder elsewhere, for one: not to be indexed as a folder
        raise Postponed(f"{place} is not the root of a repository.")
    settings = load_settings(place)
    require_mains(settings)
    reports = list(_updates(place, repository))
    return "; ".join(f"{view}: {_summary(report)}" if view else _summary(report) for view, report in reports)


def _deepen(places: Iterable[Path], stop: Callable[[], bool]) -> None:
    """Have the deep tiers of places filled, if a model is configured, until something else is to be indexed; the next
    run then goes on with what it is asked for."""
    from wherein.config.load import load_settings

    filling = FillProcess()
    try:
        for place in places:
            with suppress(WhereinError, OSError):
                if stop() or checked_out(place) is None or load_settings(place).deep_model is None:
                    continue
                filling.begin(place)
                while filling.running and not stop():
                    time.sleep(LOOK)
    finally:
        filling.end()


def checked_out(place: Path) -> Repository | None:
    """The repository whose worktree a folder is, or that the folder itself is."""
    try:
        real = Path(os.path.realpath(place))
        found = find_repository(real) if real.is_dir() else None
    except WhereinError:
        return None
    return found if found is not None and (found.root or found.git_dir) == real else None


def _updates(place: Path, repository: Repository) -> Iterator[tuple[str, UpdateReport]]:
    from wherein.config.load import load_settings
    from wherein.opening import open_index

    settings = load_settings(place)
    with open_index(place, settings=settings) as index:
        yield "", index.update(processes=ONE_CORE)
        branches = _other_branches(index) if repository.root is None else []
    for branch in branches:
        with suppress(IndexMissing), open_index(place, view=branch, settings=settings) as index:
            if not index.fixed:
                yield branch, index.update(processes=ONE_CORE)


def _other_branches(index: "Index") -> list[str]:
    """Those branches of a bare repository, besides its HEAD, that somebody has indexed."""
    mark = index.named.claim.mark if index.named is not None else ""
    names = kept_branches(index.views(), marked("", mark, ""))
    return [name.removeprefix(REF).removesuffix(mark) for name in names if name != index.view]


def _is_rebased(place: Path) -> bool:
    found = checked_out(place)
    return found is not None and any((found.git_dir / name).exists() for name in REBASES)


def _summary(report: UpdateReport) -> str:
    changed = report.files_added + report.files_changed + report.files_removed
    return f"{changed:,} file{'' if changed == 1 else 's'} changed" if changed else "nothing to do"
