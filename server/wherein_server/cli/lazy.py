"""A group of commands whose modules are imported when they are called: `wherein --version` needs none."""

import importlib
from collections.abc import Mapping

import click

from wherein_server.cli.group import Listing
from wherein_server.cli.memory import require_room

HELP = "help"
"""`wherein help search` is `wherein search --help`, as people know it from git."""


class LazyGroup(Listing):
    """Commands by name, each the `command` of its module, listed in the order and under the headings given."""

    def __init__(self, *, modules: Mapping[str, Mapping[str, str]], **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]
        self._modules = {name: module for section in modules.values() for name, module in section.items()}
        self._sections = modules

    def sections(self, ctx: click.Context) -> dict[str, list[str]]:
        """All names by their heading."""
        return {heading: list(names) for heading, names in self._sections.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self._modules:
            return None
        require_room()
        command = importlib.import_module(self._modules[cmd_name]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a word that is none is most likely meant as a query."""
        if args == [HELP]:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        if args[:1] == [HELP] and args[1] in self._modules:
            args = [*args[1:], "--help"]
        if args and not args[0].startswith("-") and args[0] not in self._modules:
            import difflib
            import shlex

            near = difflib.get_close_matches(args[0], self._modules, n=1, cutoff=0.7)
            meant = f'Did you mean "{near[0]}"? ' if near else ""
            raise click.UsageError(
                f'No command "{args[0]}". {meant}To search for it: wherein search {shlex.join(args)}', ctx
            )
        return super().resolve_command(ctx, args)
