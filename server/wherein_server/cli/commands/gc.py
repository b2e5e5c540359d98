"""`wherein gc`."""

from dataclasses import asdict

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import opened
from wherein_server.cli.wording import count, size


@click.command(epilog=example("wherein gc"))
@common_options
def command(common: Common) -> int:
    """Delete what no view of this repository shows any more.

    Versions of files from other branches and stashes are kept for switching back; this lets go of them.
    """
    with opened(common) as index:
        index.status(check=False)
        freed = index.collect()
    if common.json:
        jsonout.print_json(asdict(freed))
    else:
        versions = count(freed.file_versions, "version").replace("version", "file version")
        common.screen.line(
            f"{versions} and {count(freed.chunks, 'chunk')} deleted, {size(freed.bytes)} freed."
        )
    return Exit.DONE
