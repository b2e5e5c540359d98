"""`wherein gc`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError, IndexMissing
from wherein_server.cli import complete, jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.known_as import whole_name
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, settings_for
from wherein_server.cli.wording import count, size

if TYPE_CHECKING:
    from wherein.store.protocol import Collected


@click.command(epilog=example("wherein gc", "wherein gc github.com/acme/web", "wherein gc --all --unused 90"))
@click.argument("name", required=False, shell_complete=complete.repositories)
@click.option("--all", "everything", is_flag=True, help="All repositories of a shared store.")
@click.option(
    "--unused",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Also drop views that have not been updated for so many days, whoever made them.",
)
@common_options
def command(common: Common, name: str | None, everything: bool, unused: float | None) -> int:
    """Delete what no view of this repository shows any longer.

    File versions from other branches and stashes are kept for switching back; this deletes them, along with what
    killed commands left behind. For a shared store, give a repository's NAME, or --all; no clone is needed.
    """
    if name is None and not everything:
        if unused is not None:
            raise ConfigError("--unused needs a NAME or --all.", remedy="wherein gc --all --unused DAYS")
        with opened(common) as index:
            freed = index.collect()
        _tell(common, None, freed)
        return Exit.DONE
    from wherein.store.open import collect_index, in_redis, list_indexes

    settings = settings_for(common)
    if settings.store is None or not in_redis(settings.store):
        raise ConfigError(
            "NAME and --all are for a Redis store; on this machine, run `wherein gc` in the repository's folder.",
            remedy="wherein gc",
        )
    if name is not None and everything:
        raise ConfigError("Give either NAME or --all, not both.", remedy="wherein gc --all")
    names = [] if name is None else [whole_name(name, settings) or name]
    if everything:
        names = [each.repository for each in list_indexes(settings.data_dir, url=settings.store)]
        if not names:
            raise IndexMissing("The store holds no repository.", remedy="wherein index")
    for each in names:
        _tell(common, each, collect_index(settings.store, each, unused_days=unused))
    return Exit.DONE


def _tell(common: Common, name: str | None, freed: "Collected") -> None:
    if common.json:
        of = {} if name is None else {"repository": jsonout.readable(name)}
        jsonout.print_json(of | asdict(freed))
        return
    versions = count(freed.file_versions, "version").replace("version", "file version")
    says = f"{versions} and {count(freed.chunks, 'chunk')} deleted, {size(freed.bytes)} freed."
    common.screen.line(says if name is None else f"{shown_name(name)}: {says}")
