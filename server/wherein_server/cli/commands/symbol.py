"""`wherein symbol`."""

import time
from typing import TYPE_CHECKING

import click

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
    filter_options,
    format_option,
    limit_option,
    no_update_option,
    view_option,
)
from wherein_server.cli.pasted_arguments import TextCommand
from wherein_server.cli.patterns import checked_filters
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, refresh, status_of

if TYPE_CHECKING:
    from wherein.search_options import SearchFilters

DEFAULT_LIMIT = 50


@click.command(
    cls=TextCommand,
    epilog=example("wherein symbol Session.resolve_redirects", "wherein symbol parse --kind function"),
)
@click.argument("name", shell_complete=complete.symbols)
@limit_option(str(DEFAULT_LIMIT))
@filter_options
@format_option
@view_option
@no_update_option
@common_options
def command(
    common: Common,
    name: str,
    limit: int | None,
    within: "SearchFilters",
    form: str | None,
    view: str | None,
    no_update: bool,
) -> int:
    """Find where NAME is defined.

    NAME may be qualified (Class.method, a::b), an operator, or a value of an enum. Definitions of exactly that name
    come first, then those that begin with it; if there are none, those with parts that begin so (HttpPars, HRP),
    those that contain it, and those that a typo would explain.
    """
    form = checked_format(common, form)
    with opened(common, view=view) as index:
        if not no_update:
            refresh(index, common)
        began = time.perf_counter()
        kept_to = checked_filters(within, common.folder, common.standpoint)
        hits = index.symbols(name, limit=limit or DEFAULT_LIMIT, **kept_to)
        milliseconds = (time.perf_counter() - began) * 1000
        answer = Answer(hits, [status_of(index, common, check=no_update)], index.root, milliseconds)
    print_answer(answer, name, Shape(), common, form=form)
    if not hits and common.screen.watched:  # a program has the exit code, and takes a sentence for an answer
        filtered = " that passes the filters" if any(within.values()) else ""
        common.screen.note(f"No definition{filtered} has the name {shown_name(name)} or a similar one.")
    return Exit.DONE if hits else Exit.NOTHING_FOUND
