"""`wherein mcp`."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherein.errors import WhereinError
from wherein.measured.recording import record_as
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Listing
from wherein_server.cli.hooking import own_command
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown, shown_name
from wherein_server.cli.session import settings_for

if TYPE_CHECKING:
    from wherein_server.mcp.clients.install import Change

DEFAULT_PORT = 9944

CLIENTS = ("claude", "codex", "cursor", "gemini", "vscode")

_tools = click.option(
    "--tools",
    type=click.Choice(["default", "all"]),
    default="default",
    help="default: search, symbol and read. all: also related, outline, changed and explain. Each tool costs an "
    "agent tokens.",
)
_client = click.argument("client", type=click.Choice(CLIENTS))
_dry_run = click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")


@click.group(
    cls=Listing,
    invoke_without_command=True,
    epilog=example("wherein mcp --tools all", "wherein mcp --http --root ~/src"),
)
@_tools
@click.option(
    "--root",
    "roots",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    metavar="DIR",
    help="Another folder whose repositories may be asked about; may be repeated.",
)
@click.option("--http", is_flag=True, help="Serve all sessions of this machine over HTTP, on 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    metavar="PORT",
    help="The port for --http; 0 picks a free one.",
)
@common_options
@click.pass_context
def command(
    context: click.Context, common: Common, tools: str, roots: tuple[Path, ...], http: bool, port: int
) -> None:
    """Run the server for coding agents (the Model Context Protocol on standard input and output).

    An agent starts it by itself, once `wherein mcp install` has set that up. It answers about the folders that the
    client names, or else the repository it is started in, and about nothing outside of them.
    """
    if context.invoked_subcommand is not None:
        return
    record_as("mcp")
    overrides = {"store": common.store, "offline": True if common.offline else None}
    given = {key: value for key, value in overrides.items() if value is not None}
    folders = [common.folder.absolute(), *(root.absolute() for root in roots)]
    everything = tools == "all"
    if http:
        from wherein_server.mcp.http import serve_http

        data_dir = settings_for(common).data_dir
        note = common.screen.note
        serve_http(folders, given, everything=everything, port=port, data_dir=data_dir, say=note)
        return
    from wherein_server.mcp.stdio import serve

    if sys.stdin.isatty():
        common.screen.note(
            "This talks to coding agents over standard input; docs/agents.md says how to set one up."
        )
    with suppress(WhereinError):  # an agent hears of it by its first call
        settings_for(common)
    serve(folders, given, everything=everything, ask_roots=common.repo is None and not roots)


@command.command(
    epilog=example("wherein mcp install claude", "wherein mcp install vscode --tools all --dry-run")
)
@_client
@_tools
@_dry_run
@common_options
def install(common: Common, client: str, tools: str, dry_run: bool) -> int:
    """Add the server to a coding agent's own configuration, for all of your projects.

    Everything that is written is printed; comments and all other keys stay as they are. A second run changes
    nothing. With --repo, the server serves only that folder, otherwise the project that the agent works in.
    """
    from wherein_server.mcp.clients.client import clients
    from wherein_server.mcp.clients.install import install as put

    if common.store is not None:
        raise click.UsageError(
            "--store is not written there: name the store in your settings (wherein config path)."
        )
    program, *first = own_command()
    arguments = [*first, "mcp"]
    if tools == "all":
        arguments += ["--tools", "all"]
    if common.repo is not None:
        arguments += ["--repo", str(common.repo.resolve())]
    known = clients()[client]
    server = known.server(program, arguments)
    change = put(known, server, settings_for(common).data_dir, dry_run=dry_run, environ=os.environ)
    done = "wherein would be added" if dry_run else "wherein is added"
    _print(common, change, f"{done} to {known.title}", f"{known.title} has wherein already")
    return Exit.DONE


@command.command(epilog=example("wherein mcp uninstall claude"))
@_client
@_dry_run
@common_options
def uninstall(common: Common, client: str, dry_run: bool) -> int:
    """Remove the server from a coding agent's configuration, without a trace."""
    from wherein_server.mcp.clients.client import clients
    from wherein_server.mcp.clients.install import uninstall as take_out

    known = clients()[client]
    change = take_out(known, settings_for(common).data_dir, dry_run=dry_run, environ=os.environ)
    done = "wherein would be removed" if dry_run else "wherein is removed"
    _print(common, change, f"{done} from {known.title}", f"{known.title} does not have wherein")
    return Exit.DONE


def _print(common: Common, change: "Change", done: str, nothing: str) -> None:
    if common.json:
        fields = {
            "path": jsonout.readable(str(change.path)),
            "changed": change.changes,
            "lines": change.lines,
        }
        jsonout.print_json(fields)
        return
    common.screen.line(f"{shown_name(str(change.path))}: {done if change.changes else nothing}.")
    for line in change.lines:
        common.screen.line(shown(line))
    if change.changes and change.after is None:
        common.screen.line("The file held nothing else, and is deleted.")
