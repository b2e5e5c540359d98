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
    help="search, symbol and read, or related, outline, changed and explain as well: each costs an agent tokens.",
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
    help="A folder whose repositories may be asked about as well; may be repeated.",
)
@click.option("--http", is_flag=True, help="Serve all sessions of this machine over HTTP, on 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    metavar="PORT",
    help="The port for --http; 0 takes one that is free.",
)
@common_options
@click.pass_context
def command(
    context: click.Context, common: Common, tools: str, roots: tuple[Path, ...], http: bool, port: int
) -> None:
    """Run the server for coding agents (the Model Context Protocol on standard input and output).

    An agent starts it by itself; `wherein mcp install` tells it to. It answers about the folders that the client names,
    else the repository it is started in, and nothing outside of them.
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
            "This speaks to coding agents on standard input; docs/agents.md says how to set one up."
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
    """Tell a coding agent of the server, in its own configuration, for all of your projects.

    What is written is printed; comments and all other keys stay as they are. A second run changes nothing. With --repo
    the server is about that folder alone, else about the project that the agent works in.
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
    done = "would be told of wherein" if dry_run else "is told of wherein"
    _print(common, change, f"{known.title} {done}", f"{known.title} knows wherein already")
    return Exit.DONE


@command.command(epilog=example("wherein mcp uninstall claude"))
@_client
@_dry_run
@common_options
def uninstall(common: Common, client: str, dry_run: bool) -> int:
    """Take the server out of a coding agent's configuration again, without a trace."""
    from wherein_server.mcp.clients.client import clients
    from wherein_server.mcp.clients.install import uninstall as take_out

    known = clients()[client]
    change = take_out(known, settings_for(common).data_dir, dry_run=dry_run, environ=os.environ)
    done = "would know no more of wherein" if dry_run else "knows no more of wherein"
    _print(common, change, f"{known.title} {done}", f"{known.title} knows nothing of wherein")
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
        common.screen.line("The file held nothing else, and goes.")
