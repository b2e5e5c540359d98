"""`wherein index`."""

from dataclasses import asdict
from pathlib import Path

import click

from wherein.errors import ConfigError
from wherein.indexing.priority import step_back
from wherein_server.cli import complete, jsonout
from wherein_server.cli.agree import agreed
from wherein_server.cli.commands.clear import users_beside
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example, yes_option
from wherein_server.cli.progress import UpdateProgress
from wherein_server.cli.session import ask_first, opened
from wherein_server.cli.wording import named, update_summary


@click.command(epilog=example("wherein index", "wherein index ~/src/web --view main"))
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--view",
    metavar="REF",
    shell_complete=complete.views,
    help="Index a branch, tag or commit instead of the files on disk.",
)
@click.option("--force", is_flag=True, help="Make the whole index anew.")
@yes_option
@common_options
def command(common: Common, path: Path | None, view: str | None, force: bool, yes: bool) -> int:
    """Bring the index up to date.

    Only content that the index lacks is read, also what a damaged one has lost. A PATH inside a repository indexes what
    lies below it. In a store for many, an index that --force replaced is kept for three days (wherein repo rollback).
    """
    step_back()
    with opened(common, path=path, view=view) as index, UpdateProgress(common.screen) as progress:
        ask_first(index, yes=yes)
        if force and not yes and (others := users_beside(index)):
            says = (
                f"The index of {index.repository} is used by others, too ({named(others)}); they begin anew with "
                "one that is made anew."
            )
            agreed(ConfigError(says, remedy="wherein index --force --yes"))
        report = index.update(progress, wait=False, force=force, beside=True, mend=True)
        if report.busy:
            common.screen.note("Another process is indexing this repository; waiting for it.")
            report = index.update(progress, wait=True, force=force, beside=True)
        status = index.status(check=False)
    if common.json:
        jsonout.print_json({"index": jsonout.index_block(status), "report": asdict(report)})
    else:
        common.screen.line(update_summary(report))
    return Exit.DONE
