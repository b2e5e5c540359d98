"""`wherein hook`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherein.measured.recording import record_as
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.hooking import (
    INSTALLED_ALREADY,
    none_there,
    not_all,
    outcome_fields,
    outcome_lines,
    own_command,
    status_fields,
    status_lines,
)
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import settings_for

if TYPE_CHECKING:
    from wherein.hooks.install import Outcome


@click.group(cls=Group, epilog=example("wherein hook install", "wherein hook status"))
def command() -> None:
    """Have git keep the index fresh, in the background, after commits, checkouts, merges and rebases."""


_shared = click.option(
    "--shared",
    is_flag=True,
    help="Also change hooks that are part of the repository's files, or that other repositories use.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")


@command.command(epilog=example("wherein hook install", "wherein hook install --dry-run"))
@_shared
@click.option(
    "--files",
    "in_files",
    is_flag=True,
    help="Write hook files even if this git takes hooks from its configuration, for the sake of an older git.",
)
@_dry_run
@common_options
def install(common: Common, shared: bool, in_files: bool, dry_run: bool) -> int:
    """Let git request an index run after a commit, checkout, merge or rebase, or in a bare repository after a push.

    The hook returns at once; runs go on in the background, one at a time, at low priority. Existing hooks are kept
    and run as before. Everything that is written is printed. WHEREIN_SKIP_HOOK=1 turns the hook off.
    """
    from wherein.hooks.install import install as put

    settings = settings_for(common)
    outcome = put(
        common.folder,
        settings.data_dir,
        own_command(),
        shared=shared,
        in_files=in_files,
        dry_run=dry_run,
    )
    _print(common, outcome, dry_run=dry_run, nothing=INSTALLED_ALREADY)
    return Exit.DONE


@command.command(epilog=example("wherein hook uninstall", "wherein hook uninstall --dry-run"))
@_shared
@_dry_run
@common_options
def uninstall(common: Common, shared: bool, dry_run: bool) -> int:
    """Remove the hooks without a trace, even if another tool has renamed or rewritten the file."""
    from wherein.hooks.install import uninstall as take_out

    settings = settings_for(common)
    outcome = take_out(common.folder, settings.data_dir, shared=shared, dry_run=dry_run)
    outcome.lines = ""
    _print(common, outcome, dry_run=dry_run, nothing=none_there(outcome))
    return Exit.DONE


@command.command(epilog=example("wherein hook status"))
@common_options
def status(common: Common) -> int:
    """Show where the hooks are, whether they are complete, the last run, and what would keep the next one from
    running.

    Exits with 1 if they are not installed, or only some of them.
    """
    from wherein.hooks.status import hooks_status

    found = hooks_status(common.folder, settings_for(common))
    if common.json:
        jsonout.print_json(status_fields(found))
    else:
        for line in status_lines(found):
            common.screen.line(line)
        for note in not_all(found):
            common.screen.note(note)
    return Exit.DONE if found.installed else Exit.NOTHING_FOUND


@command.command(epilog=example("wherein hook request"))
@common_options
def request(common: Common) -> int:
    """Request a run in the background, as the hooks do, and return; for tools that run hooks of their own."""
    from wherein.hooks.request_run import ask

    if os.environ.get("WHEREIN_SKIP_HOOK", "0") in ("", "0"):
        ask(common.folder, settings_for(common).data_dir, own_command())
    return Exit.DONE


@command.command(epilog=example("wherein hook run"))
@click.option(
    "--requests",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where requests are kept; by default, in the data folder.",
)
@common_options
def run(common: Common, requests: Path | None) -> int:
    """Do what hooks have requested, now; this is what they start in the background. If another run is in progress,
    it is left to do it."""
    from wherein.hooks import script
    from wherein.hooks.run import detach, serve

    detach()
    record_as("hook")
    folder = (requests or script.state_folder(settings_for(common).data_dir)).absolute()
    if folder.is_dir():
        script.renew(folder)  # what another version has written
    runs = serve(folder) if folder.is_dir() else 0
    if common.json:
        jsonout.print_json({"runs": runs})
    return Exit.DONE


def _print(common: Common, outcome: "Outcome", *, dry_run: bool, nothing: str) -> None:
    if common.json:
        jsonout.print_json(outcome_fields(outcome, dry_run=dry_run))
        return
    for line in outcome_lines(outcome, nothing):
        common.screen.line(line)
    if dry_run and outcome.changes:
        common.screen.note("Nothing was written (--dry-run).")
    for note in outcome.notes:
        common.screen.note(note)
