"""`wherein clear`."""

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import opened
from wherein_server.cli.wording import size


@click.command(epilog=example("wherein clear", "wherein clear --repo ~/src/web"))
@common_options
def command(common: Common) -> int:
    """Delete this repository's index, all views of it, whatever state it is in.

    Nothing of the repository itself is touched; `wherein index` makes the index again.
    """
    with opened(common) as index:
        freed = index.clear()
    if common.json:
        jsonout.print_json({"bytes": freed})
    else:
        common.screen.line(f"Index deleted, {size(freed)} freed.")
    return Exit.DONE
