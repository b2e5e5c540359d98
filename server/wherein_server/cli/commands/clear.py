"""`wherein clear`."""

from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError, WhereinError
from wherein.git.identity import disk_view
from wherein.naming.claims import is_marked
from wherein_server.cli import jsonout
from wherein_server.cli.agree import agreed
from wherein_server.cli.exits import Exit
from wherein_server.cli.known_as import view_name
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import opened
from wherein_server.cli.wording import count, named, size

if TYPE_CHECKING:
    from wherein import Index


@click.command(epilog=example("wherein clear", "wherein clear --repo ~/src/web"))
@click.option(
    "--descriptions", is_flag=True, help="Delete only what language models wrote (wherein index --describe)."
)
@click.option("--yes", is_flag=True, help="Delete it without asking, even if others use it.")
@common_options
def command(common: Common, descriptions: bool, yes: bool) -> int:
    """Delete this repository's index with all its views, whatever state it is in.

    The repository itself is not touched; `wherein index` makes the index again.
    """
    with opened(common) as index:
        others = [] if yes else users_beside(index)
        if others:
            what = "all that models wrote about it" if descriptions else "all of it"
            says = f"The index of {index.repository} is also used by others ({named(others)}); {what} will be deleted."
            how = " --descriptions" if descriptions else ""
            agreed(ConfigError(says, remedy=f"wherein clear{how} --yes"))
        gone = index.forget_descriptions() if descriptions else 0
        freed = 0 if descriptions else index.clear()
    if descriptions:
        if common.json:
            jsonout.print_json({"descriptions": gone})
        else:
            common.screen.line(f"{count(gone, 'description')} deleted.")
    elif common.json:
        jsonout.print_json({"bytes": freed})
    else:
        common.screen.line(f"Index deleted, {size(freed)} freed.")
    return Exit.DONE


def users_beside(index: "Index") -> list[str]:
    """Who uses an index beside the folder that was opened: other folders of this machine, and in a shared store the
    views that are others'."""
    found = index.named.others() if index.named is not None else []
    own = disk_view(index.root, "") if index.root is not None else None
    try:
        views = index.all_views()
    except WhereinError:  # nobody can use it
        return found
    for view in views:
        of_another_folder = view.name.startswith("worktree:") and not (own and view.name.startswith(own))
        if not view.own or (of_another_folder and not is_marked(view.name)):
            found.append(view_name(view.name))
    return found
