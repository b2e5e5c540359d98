"""`wherein watch`."""

import signal
import threading
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict
from types import FrameType
from typing import TYPE_CHECKING

import click

import wherein
from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein.deepening.client import FillProcess
from wherein.errors import StoreUnreachable
from wherein.following import Following, look_pause
from wherein.git.source import Folders
from wherein.indexing.background import ONE_CORE, Postponed, require_mains, step_aside
from wherein.measured.recording import record_as
from wherein.status import UpdateReport
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.interrupts import end_at_latest, interrupt
from wherein_server.cli.options import Common, common_options, example, yes_option
from wherein_server.cli.session import ask_first, opened, settings_for
from wherein_server.cli.wording import update_summary

if TYPE_CHECKING:
    from wherein.index import Index
    from wherein.watching.watcher import Watcher

RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds until a store that was not reached is tried again; the last one is repeated."""


@click.command(epilog=example("wherein watch", "wherein watch --poll"))
@click.option("--poll", is_flag=True, help="Check every few seconds instead of being notified by the system.")
@yes_option
@common_options
def command(common: Common, poll: bool, yes: bool) -> int:
    """Keep the index fresh while files change, until Ctrl-C.

    For when no editor or git hook does it. It runs at low priority, on one core, and not on battery (setting
    background.on_battery). If a deep model is set, the deep tier is filled meanwhile.
    """
    asked_to_end = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal asked_to_end
        if not asked_to_end:
            end_at_latest(Exit.DONE)
        asked_to_end = True
        interrupt(number, frame)

    signal.signal(signal.SIGTERM, end)
    try:
        with opened(common, settings=settings_for(common)) as index:
            ask_first(index, yes=yes)
        step_aside()
        record_as("watch")
        _watch(common, poll=poll)
    except BaseException:  # what was written is whole; the next update goes on from there
        if not asked_to_end:
            raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as Ctrl-C: what is left to do ends by itself
    return Exit.DONE


def _watch(common: Common, *, poll: bool) -> None:
    filling = FillProcess()
    try:
        with closing(Following(lambda: _opened(common), _update)) as following:
            _follow(common, following, filling, poll=poll)
    finally:
        filling.end()


def _follow(common: Common, following: Following, filling: FillProcess, *, poll: bool) -> None:
    from wherein.watching.watcher import Watcher

    watcher = Watcher(common.folder, lambda: _folders(common), poll=poll, say=common.screen.note)
    with closing(watcher):
        _keep_up(common, following, filling, watcher)


def _keep_up(common: Common, following: Following, filling: FillProcess, watcher: "Watcher") -> None:
    first = True
    failures = 0
    postponed = False
    look_at: float | None = None
    took = 0.0
    while watcher.wait(threading.Event(), look_at):  # a signal ends it
        told = watcher.told
        if told is None:
            look_at = None
        filling.pause()
        try:
            report = following.update(told)
        except Postponed as error:
            if not postponed:
                common.screen.note(f"Nothing is indexed now: {error.message}")
            postponed = True
            continue
        except StoreUnreachable as error:
            if not failures:
                common.screen.note(f"{error.message} Trying again until it is there.")
            time.sleep(RETRIES[min(failures, len(RETRIES) - 1)])
            failures += 1
            watcher.again()
            continue
        failures, postponed = 0, False
        if told is None:
            took = report.seconds
        elif look_at is None:
            look_at = time.monotonic() + look_pause(took)
        if report.busy:
            time.sleep(RETRIES[0])
            watcher.again()
        elif first or report.files_added or report.files_changed or report.files_removed:
            _tell(common, report)
        if not report.busy and _has_a_deep_tier(common):
            filling.begin(common.folder, overrides={"store": common.store} if common.store else {})
        if first:
            how = "every few seconds" if watcher.polls else "as they change"
            common.screen.note(f"Files below {common.folder} are indexed {how}, until Ctrl-C.")
        first = False


def _has_a_deep_tier(common: Common) -> bool:
    """By the settings of now, whose warnings are told where an index is opened."""
    return load_settings(project_root(common.folder)).deep_model is not None


def _opened(common: Common) -> "Index":
    settings = settings_for(common)
    require_mains(settings)
    index = wherein.open_index(common.folder, settings=settings)
    if index.note:
        common.screen.note(index.note)
    return index


def _update(index: "Index", told: Collection[str] | None) -> UpdateReport:
    return index.update(wait=False, processes=ONE_CORE, told=told)


def _folders(common: Common) -> Folders:
    with opened(common) as index:
        return index.folders()


def _tell(common: Common, report: UpdateReport) -> None:
    if common.json:
        jsonout.print_json_line({"schema": jsonout.SCHEMA, "report": asdict(report)})
    else:
        common.screen.line(update_summary(report))
    common.screen.flush()
