"""`wherein explain`."""

from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError
from wherein_server.cli import complete
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, answer_options, common_options, example
from wherein_server.cli.pasted_arguments import TextCommand
from wherein_server.cli.paths import is_file, relative_path, split_place
from wherein_server.explain.targets import PlaceTarget, SymbolTarget, Target

if TYPE_CHECKING:
    from wherein import Index


@click.command(
    cls=TextCommand, epilog=example("wherein explain src/auth.py:88", "wherein explain Session.send")
)
@click.argument("target", metavar="PATH:LINE|SYMBOL", shell_complete=complete.places)
@answer_options
@common_options
def command(common: Common, target: str, show_prompt: bool, no_cache: bool, no_update: bool) -> int:
    """Explain the code at PATH:LINE, or the definition of SYMBOL.

    A language model is shown the definition, its callers, what it calls, and what is written about it. Every
    statement cites its source. The model is one that runs on this machine, unless you configure another.
    """
    from wherein_server.cli.explaining import explain

    place = split_place(target)

    def made(index: "Index") -> Target:
        if place is None:
            if is_file(target, common.repo, index.root):
                raise ConfigError(f"Which line of {target}?", remedy=f"wherein explain {target}:LINE")
            return SymbolTarget(target)
        path, line = place
        return PlaceTarget(relative_path(path, common.repo, index.root), line)

    explain(common, made, update=not no_update, show_prompt=show_prompt, use_cache=not no_cache)
    return Exit.DONE
