"""A command that has commands of its own."""

import click

LONGEST_SENTENCE = 200
"""Characters that a list of commands says of each: all of its first sentence, on two lines where one is too short."""


class Listing(click.Group):
    """Its help says of each command a whole sentence, where click's own breaks off at the end of the line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands that are not hidden."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, each.get_short_help_str(LONGEST_SENTENCE))
            for name, each in commands
            if each and not each.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class Group(Listing):
    """Called alone it prints its help, which is what was asked for: no mistake."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Help for no arguments, whatever this version of click makes of them."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        return super().parse_args(ctx, args)
