"""`wherein repo refresh`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

import wherein
from wherein.config.settings import Settings
from wherein.indexing.priority import step_back
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit, exit_for
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for
from wherein_server.cli.wording import update_summary

if TYPE_CHECKING:
    from wherein.stale import Stale


@click.command(
    name="refresh",
    epilog=example(
        "wherein repo refresh /srv/mirrors", "wherein repo refresh /srv/mirrors --hours 4 --view main"
    ),
)
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@click.option(
    "--view", metavar="BRANCH", help="The branch; without it, the one that each clone has checked out."
)
@click.option(
    "--hours",
    type=click.FloatRange(min=0),
    metavar="HOURS",
    help="Start no further repository after so many hours; the next run continues.",
)
@common_options
def command(common: Common, folders: tuple[Path, ...], view: str | None, hours: float | None) -> int:
    """Bring the stale indexes of many clones up to date, for a scheduled job.

    FOLDER is a clone or contains clones, which may be bare. An index that an older wherein or another model made,
    that is damaged or that is behind its branch is brought up to date, the longest-waiting first; the others are
    only checked. A failure does not stop the rest; the exit code is that of the first one. Nothing is fetched.
    """
    from wherein.stale import Stale, clones, look

    step_back()
    until = None if hours is None else time.monotonic() + hours * 3600
    found: list[Stale] = []
    code: int = Exit.DONE
    told: list[dict[str, object]] = []

    def failed(folder: Path, error: wherein.WhereinError) -> None:
        nonlocal code
        code = code or exit_for(error)
        remedy = f" Try: {error.remedy}" if error.remedy else ""
        common.screen.note(f"{shown_name(str(folder))}: {error.message}{remedy}")
        told.append({"folder": jsonout.readable(str(folder)), "problem": error.message})

    for folder in clones(folders):
        try:
            found.append(look(folder, settings_for(common, folder), view))
        except wherein.WhereinError as error:
            failed(folder, error)
    found.sort(key=lambda each: each.updated)
    for each in found:
        name = shown_name(str(each.folder))
        if each.why and until is not None and time.monotonic() > until:
            says = f"{each.why}; there was no time left"
        elif each.why:
            try:
                says = _refreshed(each, settings_for(common, each.folder))
            except wherein.WhereinError as error:
                failed(each.folder, error)
                continue
        else:
            says = "has no commit yet" if each.empty else "up to date"
        told.append({"folder": jsonout.readable(str(each.folder)), "view": each.view, "says": says})
        if not common.json:
            common.screen.line(f"{name} ({shown_name(each.view)}): {says}")
    if common.json:
        jsonout.print_json({"repositories": told})
    return code


def _refreshed(clone: "Stale", settings: Settings) -> str:
    """Bring the index of a stale clone up to date; what is to be said about it."""
    from wherein.store.open import in_redis

    anew = clone.otherwise and not in_redis(settings.store)  # where nobody else uses it
    with wherein.open_index(clone.folder, view=clone.view, settings=settings) as index:
        report = index.update(wait=False, force=anew, beside=True, mend=True)
    return "another process is indexing it" if report.busy else f"{clone.why}. {update_summary(report)}"
