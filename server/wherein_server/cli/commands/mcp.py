"""`wherein mcp`."""

import sys
from contextlib import suppress

import click

from wherein.errors import WhereinError
from wherein_server.cli.group import Listing
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import settings_for


@click.group(
    cls=Listing, invoke_without_command=True, epilog=example("wherein mcp", "wherein mcp --tools all")
)
@click.option(
    "--tools",
    type=click.Choice(["default", "all"]),
    default="default",
    help="search, symbol and read, or related, outline, changed and explain as well: each costs an agent tokens.",
)
@common_options
@click.pass_context
def command(context: click.Context, common: Common, tools: str) -> None:
    """Run the server for coding agents (the Model Context Protocol on standard input and output).

    An agent starts it by itself; `wherein mcp install` tells it to. It answers about the folders that the client names,
    else the repository it is started in, and nothing outside of them.
    """
    if context.invoked_subcommand is not None:
        return
    from wherein_server.mcp.stdio import serve

    if sys.stdin.isatty():
        common.screen.note(
            "This speaks to coding agents on standard input; docs/agents.md says how to set one up."
        )
    with suppress(WhereinError):  # an agent hears of it by its first call
        settings_for(common)
    overrides = {"store": common.store, "offline": True if common.offline else None}
    given = {key: value for key, value in overrides.items() if value is not None}
    serve([common.folder.absolute()], given, everything=tools == "all", ask_roots=common.repo is None)
