"""`wherein search`."""

from typing import TYPE_CHECKING

import click

from wherein_server.cli.answer import print_answer
from wherein_server.cli.asking import Request, search_everywhere, search_here
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
    yes_option,
)
from wherein_server.cli.pasted_arguments import TextCommand
from wherein_server.cli.patterns import checked_filters, checked_query

if TYPE_CHECKING:
    from wherein.search.search import Mode
    from wherein.search_options import SearchFilters


@click.command(
    cls=TextCommand,
    epilog=example(
        'wherein search "where are redirects followed"',
        "wherein search parse_config --lang python --path 'src/**'",
        "wherein search --format vimgrep retry backoff",
        "wherein search --changed retry",
        'wherein search --tests "a session expires"',
    ),
)
@click.argument("query", nargs=-1, required=True)
@limit_option("as many as the setting search.limit says (10)")
@filter_options
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "semantic", "lexical", "symbol"]),
    help="Find by words, meaning and names together (hybrid), or by one of them.",
)
@format_option
@click.option(
    "-l",
    "--files",
    "files_only",
    is_flag=True,
    help="Show only the best result of each file; as text, only its path.",
)
@click.option(
    "-C",
    "--context",
    type=click.IntRange(0, 1000),
    metavar="N",
    help="Show N lines around the best line of each result.",
)
@click.option("--explain-score", "explain", is_flag=True, help="Show what each ranking step added.")
@click.option(
    "--all-repos", is_flag=True, help="Search every indexed repository, each as it was last indexed."
)
@click.option(
    "--changed", is_flag=True, help="Only definitions that changed on this branch, committed or not."
)
@click.option(
    "--since",
    metavar="REV",
    help="Only definitions that changed since this branch left a branch, tag or commit.",
)
@click.option(
    "--think/--no-think",
    "think",
    default=None,
    help="Ask your language model what the code might look like, and search for that as well.",
)
@click.option(
    "--sketch",
    metavar="CODE",
    default="",
    help="Names, or a few lines of code, such as the answer might have: code like them is found as well.",
)
@view_option
@yes_option
@no_update_option
@common_options
def command(
    common: Common,
    query: tuple[str, ...],
    limit: int | None,
    within: "SearchFilters",
    mode: "Mode | None",
    form: str | None,
    files_only: bool,
    context: int | None,
    explain: bool,
    all_repos: bool,
    changed: bool,
    since: str | None,
    think: bool | None,
    sketch: str,
    view: str | None,
    no_update: bool,
    yes: bool,
) -> int:
    """Find code by what it does.

    QUERY is words or names; one that begins with a dash comes after `--`. Words in double quotes must be found
    verbatim, if anything contains them; `path:`, `lang:`, `kind:` and `scope:code` filter as the options do, and on
    their own list what passes. You can paste an error message, a stack trace, a piece of code or a place
    (`src/auth.py:88`).

    The first search builds the index; each later one refreshes it.
    """
    from wherein.search.query import parse

    form = checked_format(common, form)
    text = " ".join(query)
    folder = common.folder_if_any if all_repos else common.folder
    request = Request(
        query=checked_query(text, folder, common.standpoint),
        limit=limit,
        mode=mode,
        within=checked_filters(within, folder, common.standpoint),
        changed=changed or since is not None,
        since=since,
        think=think,
        sketch=sketch,
    )
    shape = Shape(terms=parse(text).terms, context=context, explain=explain, with_repository=all_repos)
    if all_repos and request.changed:
        raise click.UsageError("--all-repos and --changed or --since cannot be used together.")
    if all_repos and view is not None:
        raise click.UsageError("--all-repos and --view cannot be used together.")
    if all_repos and think:
        raise click.UsageError("--all-repos and --think cannot be used together.")
    if think and sketch:
        raise click.UsageError(
            "--think and --sketch cannot be used together: a sketch is what a model would write."
        )
    if all_repos:
        answer = search_everywhere(common, request)
    else:
        answer = search_here(common, request, update=not no_update, yes=yes, view=view)
    print_answer(answer, text, shape, common, form=form, files_only=files_only)
    return Exit.DONE if answer.hits else Exit.NOTHING_FOUND
