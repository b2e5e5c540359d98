"""`wherein lsp`."""

import gc
from pathlib import Path

import click

from wherein.allocator import give_memory_back
from wherein.errors import WhereinError
from wherein.measured.recording import record_as
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import settings_for

DEFAULT_HOST = "127.0.0.1"


@click.command(
    epilog=example("wherein lsp", "wherein lsp --log-file /tmp/wherein.log", "wherein lsp --tcp --port 2087")
)
@click.option(
    "--stdio", is_flag=True, help="Communicate over standard input and output; this is the default."
)
@click.option("--tcp", is_flag=True, help="Wait for one client on a TCP port instead.")
@click.option(
    "--host", default=DEFAULT_HOST, show_default=True, metavar="HOST", help="The address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help="The port; 0 picks a free one and prints it.",
)
@click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the log to this file instead of standard error.",
)
@common_options
def command(common: Common, stdio: bool, tcp: bool, host: str, port: int, log_file: Path | None) -> None:
    """Run the language server, for editors.

    An editor starts it by itself; docs/editors.md says how to set that up.
    """
    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp cannot be used together.")
    # LSP's types are made once and kept. Collecting garbage between them took a quarter of the start; the server
    # turns it on again, without them.
    gc.disable()
    give_memory_back()
    from wherein_server.lsp.serve import log_to, serve_stdio, serve_tcp

    try:
        level = settings_for(common).log_level
    except WhereinError:  # an editor hears of it by the first request
        level = "warning"
    log_to(log_file, level)
    record_as("lsp")
    overrides = {"store": common.store, "offline": True if common.offline else None}
    given = {key: value for key, value in overrides.items() if value is not None}
    if tcp:
        serve_tcp(host, port, given, common.repo)
    serve_stdio(given, common.repo)
