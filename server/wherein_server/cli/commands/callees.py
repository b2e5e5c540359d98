"""`wherein callees`."""

import click

from wherein_server.cli import complete
from wherein_server.cli.called import DEFAULT_LIMIT, show_calls
from wherein_server.cli.options import Common, common_options, example, result_options
from wherein_server.cli.pasted_arguments import TextCommand


@click.command(
    cls=TextCommand, epilog=example("wherein callees Session.send", "wherein callees src/auth.py:88")
)
@click.argument("target", metavar="NAME|PATH:LINE", shell_complete=complete.places)
@result_options(str(DEFAULT_LIMIT))
@common_options
def command(
    common: Common, target: str, limit: int | None, form: str | None, view: str | None, no_update: bool
) -> int:
    """Show what NAME, or the definition at PATH:LINE, calls.

    Each result is a definition in this repository; for a class, what its methods call outside of it. Calls are
    found by name and by the types that a file declares; those that these do not confirm are left out.
    """
    return show_calls(common, target, "callees", limit=limit, form=form, view=view, update=not no_update)
