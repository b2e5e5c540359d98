"""`wherein hook`."""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for

if TYPE_CHECKING:
    from wherein.hooks.install import Outcome
    from wherein.hooks.journal import Run
    from wherein.hooks.status import HooksStatus


@click.group(cls=Group, epilog=example("wherein hook install", "wherein hook status"))
def command() -> None:
    """Have git keep the index fresh, in the background, after commits, checkouts, merges and rebases."""


_shared = click.option(
    "--shared",
    is_flag=True,
    help="Also change hooks that others get with the repository, or that other repositories use.",
)
_dry_run = click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")


@command.command(epilog=example("wherein hook install", "wherein hook install --dry-run"))
@_shared
@click.option(
    "--files",
    "in_files",
    is_flag=True,
    help="Write hook files even where this git takes hooks from its configuration, for an older git beside it.",
)
@_dry_run
@common_options
def install(common: Common, shared: bool, in_files: bool, dry_run: bool) -> int:
    """Let git ask for an index run after a commit, checkout, merge or rebase, in a bare repository after a push.

    The hook returns at once; one run at a time goes on in the background, at a low priority. Hooks that are there
    already are kept and run as before. What is written is printed. WHEREIN_SKIP_HOOK=1 turns the hook off.
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
    _print(common, outcome, dry_run=dry_run, nothing="The hooks are there already, and whole.")
    return Exit.DONE


@command.command(epilog=example("wherein hook uninstall", "wherein hook uninstall --dry-run"))
@_shared
@_dry_run
@common_options
def uninstall(common: Common, shared: bool, dry_run: bool) -> int:
    """Take the hooks out again, without a trace, also where another tool has renamed or rewritten the file."""
    from wherein.hooks.install import uninstall as take_out

    settings = settings_for(common)
    outcome = take_out(common.folder, settings.data_dir, shared=shared, dry_run=dry_run)
    outcome.lines = ""
    _print(common, outcome, dry_run=dry_run, nothing="There are no hooks of wherein here.")
    return Exit.DONE


@command.command(epilog=example("wherein hook status"))
@common_options
def status(common: Common) -> int:
    """Show where the hooks are, whether they are whole, the last run, and what would keep the next one from running.

    Exit code 1 where they are not installed, or not all of them.
    """
    from wherein.hooks.status import hooks_status

    found = hooks_status(common.folder, settings_for(common))
    if common.json:
        jsonout.print_json(_fields(found))
    else:
        for line in _lines(found):
            common.screen.line(line)
        if not found.installed:
            common.screen.note("Not all hooks are there: wherein hook install puts them there.")
    return Exit.DONE if found.installed else Exit.NOTHING_FOUND


@command.command(epilog=example("wherein hook request"))
@common_options
def request(common: Common) -> int:
    """Ask for a run in the background, as the hooks do, and return: for tools that run hooks of their own."""
    from wherein.hooks.asking import ask

    if os.environ.get("WHEREIN_SKIP_HOOK", "0") in ("", "0"):
        ask(common.folder, settings_for(common).data_dir, own_command())
    return Exit.DONE


@command.command(epilog=example("wherein hook run"))
@click.option(
    "--requests",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where requests are kept; without it, in the data folder.",
)
@common_options
def run(common: Common, requests: Path | None) -> int:
    """Do now what hooks have asked for: what they start in the background. Another one at work goes on alone."""
    from wherein.hooks import script
    from wherein.hooks.run import detach, serve

    detach()
    folder = (requests or script.state_folder(settings_for(common).data_dir)).absolute()
    runs = serve(folder) if folder.is_dir() else 0
    if common.json:
        jsonout.print_json({"runs": runs})
    return Exit.DONE


def own_command() -> list[str]:
    """What starts this very wherein, from whatever folder."""
    script = Path(sys.executable).with_name("wherein.exe" if os.name == "nt" else "wherein")
    if os.access(script, os.X_OK):
        return [str(script)]
    called = Path(sys.argv[0])
    if called.name == "wherein" and called.is_absolute() and os.access(called, os.X_OK):
        return [str(called)]
    return [sys.executable, "-P", "-m", "wherein_server.cli"]  # -P: never what lies in the current folder


def _print(common: Common, outcome: "Outcome", *, dry_run: bool, nothing: str) -> None:
    if common.json:
        jsonout.print_json(
            {
                "dry_run": dry_run,
                "changes": [
                    {"path": jsonout.readable(str(each.path)), "action": each.action}
                    for each in outcome.changes
                ],
                "lines": jsonout.readable(outcome.lines),
                "notes": [jsonout.readable(note) for note in outcome.notes],
            }
        )
        return
    for change in outcome.changes:
        common.screen.line(f"{shown_name(str(change.path))}: {change.action}")
    if not outcome.changes:
        common.screen.line(nothing)
    elif outcome.lines:
        common.screen.line()
        for line in outcome.lines.splitlines():
            common.screen.line(f"    {shown_name(line)}")
    if dry_run and outcome.changes:
        common.screen.note("Nothing was written (--dry-run).")
    for note in outcome.notes:
        common.screen.note(note)


def _lines(found: "HooksStatus") -> list[str]:
    lines = [
        f"{each.event}\t{each.state}\t{shown_name(str(each.path))}{' (beside another hook)' if each.beside else ''}"
        for each in found.hooks
    ]
    lines.append(f"last run\t{_last(found.last) if found.last else 'none yet'}")
    lines += [f"in the way\t{shown_name(each)}" for each in found.obstacles]
    lines.append(f"log\t{shown_name(str(found.log))}")
    return lines


def _last(run: "Run") -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.began))
    return f"{when}, {run.seconds:.2f} s, {run.result}: {shown_name(run.says)}"


def _fields(found: "HooksStatus") -> dict[str, Any]:
    last = found.last
    return {
        "place": jsonout.readable(str(found.place)),
        "installed": found.installed,
        "hooks": [
            {
                "event": each.event,
                "path": jsonout.readable(str(each.path)),
                "state": each.state,
                "beside": each.beside,
            }
            for each in found.hooks
        ],
        "last": None
        if last is None
        else {
            "began": last.began,
            "seconds": last.seconds,
            "result": last.result,
            "says": jsonout.readable(last.says),
        },
        "obstacles": [jsonout.readable(each) for each in found.obstacles],
        "log": jsonout.readable(str(found.log)),
    }
