"""`wherein index`."""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError, RightMissing
from wherein.indexing.priority import step_back
from wherein_server.cli import complete, describing, jsonout
from wherein_server.cli.agree import agreed
from wherein_server.cli.commands.clear import users_beside
from wherein_server.cli.deep_bar import DeepBar
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example, yes_option
from wherein_server.cli.progress import UpdateProgress
from wherein_server.cli.remedies import remedies_for
from wherein_server.cli.session import ask_first, may_only_read, opened
from wherein_server.cli.wording import deep_summary, named, update_summary

if TYPE_CHECKING:
    from wherein import Index
    from wherein.deepening.fill import DeepReport

LOOK_SECONDS = 1.0
"""Between two looks whether another process has filled the deep tier."""


@click.command(epilog=example("wherein index", "wherein index ~/src/web --view main"))
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--view",
    metavar="REF",
    shell_complete=complete.views,
    help="Index a branch, tag or commit instead of the files on disk.",
)
@click.option("--force", is_flag=True, help="Rebuild the whole index.")
@click.option(
    "--deep", is_flag=True, help="Afterwards fill the deep tier (setting deep_model), and wait for it."
)
@click.option(
    "--describe",
    is_flag=True,
    help="Afterwards have the language model describe each definition without a comment in a sentence, for "
    "searches to use.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    metavar="N",
    help="With --describe: at most N sentences in this run. The next one continues.",
)
@yes_option
@common_options
def command(
    common: Common,
    path: Path | None,
    view: str | None,
    force: bool,
    deep: bool,
    describe: bool,
    most: int | None,
    yes: bool,
) -> int:
    """Bring the index up to date.

    Only content that is missing from the index is read, including whatever a damaged index has lost. A PATH inside
    a repository indexes what is below it. In a shared store, an index that --force replaced is kept for three days
    (wherein repo rollback).
    """
    step_back()
    if most is not None and not describe:
        raise ConfigError("--most can only be used with --describe.")
    writes = describing.ready(common, path) if describe else None
    with (
        remedies_for(path),
        opened(common, path=path, view=view) as index,
        UpdateProgress(common.screen) as progress,
    ):
        ask_first(index, yes=yes)
        if force and not yes and (others := users_beside(index)):
            says = (
                f"The index of {index.repository} is also used by others ({named(others)}); a rebuild makes them "
                "start over."
            )
            agreed(ConfigError(says, remedy="wherein index --force --yes"))
        try:
            report = index.update(progress, wait=False, force=force, beside=True, mend=True)
        except RightMissing as error:
            raise may_only_read(index) from error
        if report.busy:
            common.screen.note("Another process is indexing this repository; waiting for it.")
            then = index.update(progress, wait=True, force=force, beside=True)
            report = replace(then, restored=report.restored)
        if not common.json:
            common.screen.line(update_summary(report))
        filled = _filled(index, common) if deep else None
        described = describing.described(index, common, writes, most) if writes is not None else None
        status = index.status(check=False)
    if common.json:
        told = {} if filled is None else {"deep": asdict(filled)}
        if described is not None:
            told["described"] = asdict(described)
        jsonout.print_json({"index": jsonout.index_block(status), "report": asdict(report)} | told)
        return Exit.DONE
    if filled is not None:
        common.screen.line(deep_summary(filled))
    if described is not None:
        common.screen.line(describing.summary(described))
    return Exit.DONE


def _filled(index: "Index", common: Common) -> "DeepReport":
    """Fill the deep tier; where another process of this machine is at it, wait until it is done."""
    with DeepBar(common.screen) as progress:
        report = index.deepen(progress)
        if report.busy:
            common.screen.note("Another process is filling the deep tier; waiting for it.")
        while report.busy:
            time.sleep(LOOK_SECONDS)
            report = index.deepen(progress)
    return report
