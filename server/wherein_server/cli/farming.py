"""A command's options → a farm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wherein.config.load import load_settings
from wherein.config.settings import Settings
from wherein_server.cli.log import log_to_standard_error
from wherein_server.cli.options import Common

if TYPE_CHECKING:
    from wherein_server.farm.farm import Farm


def file_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--file`: what the farm keeps, and how."""
    return click.option(
        "--file",
        "file",
        type=click.Path(path_type=Path),
        metavar="FARM.TOML",
        help="Repositories, organisations and limits (docs/scale.md); without it, what WHEREIN_FARM_FILE names.",
    )(function)


def farm_settings(common: Common) -> Settings:
    """The user's settings; where a farm's command is run says nothing of them."""
    overrides = {"store": common.store, "offline": True if common.offline else None}
    settings = load_settings(None, overrides)
    log_to_standard_error(settings.log_level)
    return settings


def opened_farm(common: Common, file: Path | None) -> "Farm":
    """The farm of the configured store."""
    from wherein_server.farm.farm import open_farm
    from wherein_server.farm.farmfile import read_farm_file

    return open_farm(farm_settings(common), read_farm_file(file))


@contextmanager
def farm(common: Common, file: Path | None) -> Iterator["Farm"]:
    """The same, with what Redis says in words."""
    opened = opened_farm(common, file)
    from wherein.store.redis.connection.failures import explained

    with explained(opened.target.shown):
        try:
            yield opened
        finally:
            opened.ledger.client.close()
