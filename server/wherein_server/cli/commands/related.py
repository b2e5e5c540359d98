"""`wherein related`."""

import time

import click

from wherein.errors import ConfigError
from wherein_server.cli import complete
from wherein_server.cli.answer import print_answer
from wherein_server.cli.asking import Answer
from wherein_server.cli.exits import Exit
from wherein_server.cli.hits import Shape
from wherein_server.cli.options import (
    Common,
    checked_format,
    common_options,
    example,
    result_options,
)
from wherein_server.cli.paths import relative_path, split_place
from wherein_server.cli.session import opened, refresh, status_of

DEFAULT_LIMIT = 10


@click.command(epilog=example("wherein related src/auth.py:88"))
@click.argument("place", metavar="PATH:LINE", shell_complete=complete.files)
@result_options(str(DEFAULT_LIMIT))
@common_options
def command(
    common: Common, place: str, limit: int | None, form: str | None, view: str | None, no_update: bool
) -> int:
    """Find code like that at PATH:LINE."""
    form = checked_format(common, form)
    where = split_place(place)
    if where is None:
        raise ConfigError(f"{place!r} is not a PATH:LINE.", remedy="wherein related src/auth.py:88")
    path, line = where
    with opened(common, view=view) as index:
        path = relative_path(path, common.repo, index.root)
        if not no_update:
            refresh(index, common)
        began = time.perf_counter()
        hits = index.related(path, line, limit=limit or DEFAULT_LIMIT)
        milliseconds = (time.perf_counter() - began) * 1000
        answer = Answer(hits, [status_of(index, common, check=no_update)], index.root, milliseconds)
    print_answer(answer, place, Shape(), common, form=form)
    return Exit.DONE if hits else Exit.NOTHING_FOUND
