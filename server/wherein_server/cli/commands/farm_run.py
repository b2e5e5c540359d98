"""`wherein farm poll`, `run`, `work`, `adopt`: who hands out jobs, and who does them."""

import signal
import sys
import time
from pathlib import Path
from types import FrameType

import click

from wherein.errors import StoreUnreachable, WhereinError
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit, exit_for
from wherein_server.cli.farming import farm, file_option, opened_farm
from wherein_server.cli.interrupts import interrupt
from wherein_server.cli.options import Common, common_options, example

PAUSES = (1.0, 2.0, 5.0)
"""Seconds until a broker that was not reached is tried again; the last one is repeated."""

MOST_WORKERS = 256


@click.command(epilog=example("wherein farm poll", "wherein farm poll --all"))
@click.option("--all", "everything", is_flag=True, help="Ask every remote, however recently it was asked.")
@file_option
@common_options
def poll(common: Common, file: Path | None, everything: bool) -> int:
    """Poll once: read lists, ask remotes that have not been asked for a while, hand out what is new."""
    from wherein_server.farm.listing import bring_in
    from wherein_server.farm.scheduler import Scheduler

    with farm(common, file) as opened:
        fresh = bring_in(opened, common.screen.note)
        asked = Scheduler(opened, common.screen.note).round(everything=everything)
        queued = opened.engine.lengths()
    if common.json:
        jsonout.print_json({"new": fresh, "asked": asked, "queued": queued})
    else:
        common.screen.line(f"{fresh} new, {asked} asked, {sum(queued.values())} queued")
    return Exit.DONE


@click.command(epilog=example("wherein farm run --file farm.toml"))
@file_option
@common_options
def run(common: Common, file: Path | None) -> int:
    """Hand out jobs until Ctrl-C: poll remotes, read lists, retry what failed, have indexes cleaned.

    One such process is enough for a farm; any others wait to take over.
    """
    from wherein_server.farm.scheduler import TICK, Scheduler

    signal.signal(signal.SIGTERM, _end)
    failures = 0
    while True:
        try:
            with farm(common, file) as opened:
                scheduler = Scheduler(opened, common.screen.note)
                if failures == 0:
                    common.screen.note("Handing out jobs, until Ctrl-C.")
                try:
                    while True:
                        scheduler.tick()
                        failures = 0
                        time.sleep(TICK)
                except (KeyboardInterrupt, click.Abort):
                    scheduler.give_up()
                    return Exit.DONE
                finally:
                    scheduler.end()
        except StoreUnreachable as error:
            if failures == 0:
                common.screen.note(f"{error.message} Trying again until it is there.")
            time.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1


@click.command(
    epilog=example("wherein farm work", "wherein farm work --concurrency 4", "wherein farm work --burst")
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    metavar="N",
    help="Index N repositories at a time, each in processes of its own.",
)
@click.option(
    "--processes",
    type=click.IntRange(0, MOST_WORKERS),
    metavar="N",
    help="Worker processes for each repository; by default one per core for a single repository at a time, else "
    "none.",
)
@click.option("--burst", is_flag=True, help="Exit when there is nothing left to do.")
@file_option
@common_options
def work(common: Common, file: Path | None, concurrency: int, processes: int | None, burst: bool) -> int:
    """Do jobs until Ctrl-C: fetch repositories and index them. Jobs that have begun are finished, unless you press
    Ctrl-C twice.

    Any number of machines may do this. A worker that dies loses nothing: its job is done by another one.
    """
    from wherein_server.farm.work import work as work_here

    if processes is None and concurrency > 1:
        processes = 0
    screen = common.screen

    def say(text: str) -> None:
        screen.note(text)
        sys.stderr.flush()  # the process of a job ends without doing so

    def one() -> int:
        try:
            work_here(lambda: opened_farm(common, file), say, burst=burst, processes=processes)
        except WhereinError as error:
            say(f"{error.message}{f' Try: {error.remedy}' if error.remedy else ''}")
            return exit_for(error)
        return Exit.DONE

    opened_farm(common, file).ledger.client.close()  # what is wrong with the file or the URL is told once
    if concurrency == 1:
        return one()
    from wherein_server.farm.many import work_as_many

    return work_as_many(concurrency, one, say)


@click.command(epilog=example("wherein farm adopt"))
@file_option
@common_options
def adopt(common: Common, file: Path | None) -> int:
    """After an upgrade of wherein: have all indexes made as this version makes them.

    Workers of other versions take no jobs from then on. An old index is searched until its replacement is complete.
    """
    from wherein_server.farm.work import adopt as take_over

    with farm(common, file) as opened:
        before = take_over(opened)
        changed = before != opened.made_with
    if common.json:
        jsonout.print_json({"before": before, "now": opened.made_with, "changed": changed})
    elif changed:
        common.screen.line(f"Indexes are made with {opened.made_with} from now on, not with {before}.")
    else:
        common.screen.line("Indexes are already made with that.")
    return Exit.DONE


def _end(number: int, frame: FrameType | None) -> None:
    interrupt(number, frame)
