"""`wherein farm status`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.farming import farm, file_option
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.wording import count

if TYPE_CHECKING:
    from wherein_server.farm.entry import Entry
    from wherein_server.farm.status import FarmStatus

MOST_TOLD = 20
"""Repositories with troubles that are named; `--json` and `farm list` have all."""


@click.command(epilog=example("wherein farm status", "wherein farm status --prometheus"))
@click.option("--prometheus", is_flag=True, help="Print in the text format of Prometheus.")
@file_option
@common_options
def status(common: Common, file: Path | None, prometheus: bool) -> int:
    """Show what the farm is doing: queue, workers, what is done, what failed and why."""
    from wherein_server.farm.status import status_of

    if prometheus and common.json:
        raise click.UsageError("--json and --prometheus cannot be used together.")
    with farm(common, file) as opened:
        found = status_of(opened)
    if prometheus:
        from wherein_server.farm.metrics import exposition

        common.screen.line(exposition(found).rstrip("\n"))
    elif common.json:
        jsonout.print_json(_document(found))
    else:
        _tell(common, found)
    return Exit.DONE


def fields(entry: "Entry", made_with: str) -> dict[str, Any]:
    """A repository as JSON has it."""
    return {
        "name": jsonout.readable(entry.name),
        "url": jsonout.readable(entry.url),
        "state": entry.state(made_with),
        "branch": jsonout.readable(entry.indexed_branch or entry.wanted_branch or entry.branch),
        "commit": entry.indexed or None,
        "indexed_at": entry.indexed_at or None,
        "wanted": entry.wanted or None,
        "wanted_at": entry.wanted_at or None,
        "polled_at": entry.polled_at or None,
        "seconds": entry.seconds,
        "files": entry.files,
        "tries": entry.tries,
        "problem": entry.kind or None,
        "reason": jsonout.readable(entry.reason) or None,
        "failed_at": entry.failed_at or None,
        "source": jsonout.readable(entry.source),
        "renamed_from": jsonout.readable(entry.renamed_from) or None,
    }


def line(entry: "Entry", made_with: str) -> str:
    """A repository as people read it."""
    commit = entry.indexed[:12] or "-"
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.indexed_at)) if entry.indexed_at else "-"
    reason = f"\t{shown_name(entry.reason)}" if entry.reason else ""
    return f"{shown_name(entry.name)}\t{entry.state(made_with)}\t{commit}\t{when}{reason}"


def _document(found: "FarmStatus") -> dict[str, Any]:
    return {
        "queued": found.queued,
        "running": found.running,
        "workers": found.workers,
        "scheduler": found.scheduler,
        "states": found.states,
        "totals": found.totals,
        "lists": found.listed,
        "made_with": found.made_with,
        "oldest_wanted_seconds": round(found.oldest_wanted, 1),
        "longest_unpolled_seconds": round(found.longest_unpolled, 1),
        "repositories": [fields(each, found.made_with) for each in found.repositories],
    }


def _tell(common: Common, found: "FarmStatus") -> None:
    say = common.screen.line
    states = ", ".join(f"{number:,} {state}" for state, number in found.states.items() if number)
    say(
        f"{count(len(found.repositories), 'repository').replace('repositorys', 'repositories')}: "
        f"{states or 'none yet'}"
    )
    queued = ", ".join(f"{number:,} {why}" for why, number in found.queued.items())
    say(f"Queued: {queued}; at work: {len(found.running):,} of {count(len(found.workers), 'worker')}")
    if not found.scheduler:
        say("No scheduler is running, so nothing is polled or handed out (wherein farm run).")
    for each in found.running:
        say(f"  {shown_name(each['repository'])} at {each['commit'][:12]}")
    for name, each in found.listed.items():
        if each["problem"]:
            say(f"  {shown_name(name)}: {shown_name(each['problem'])}")
    troubled = [each for each in found.repositories if each.aside or each.kind or each.renamed_from]
    for entry in troubled[:MOST_TOLD]:
        note = (
            f"was renamed from {entry.renamed_from}"
            if entry.renamed_from and not entry.reason
            else entry.reason
        )
        say(f"  {shown_name(entry.name)}\t{entry.state(found.made_with)}\t{shown_name(note)}")
    if len(troubled) > MOST_TOLD:
        say(f"  and {len(troubled) - MOST_TOLD:,} more (wherein farm list --state aside)")
