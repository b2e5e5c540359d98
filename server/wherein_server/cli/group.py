"""A command that has commands of its own."""

import click

LONGEST_SENTENCE = 200
"""Characters that a list of commands says of each: all of its first sentence, on two lines where one is too short."""


class Listing(click.Group):
    """Its help says of each command a whole sentence, where click's own breaks off at the end of the line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """An option of a command that stands before the command's name is told where it belongs."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = next((word for word in words if word in self.list_commands(ctx)), "")
            command = self.get_command(ctx, name) if name else None
            if command is None or all(error.option_name not in each.opts for each in command.params):
                raise
            its = click.Context(command, parent=ctx, info_name=name)
            says = f"{error.option_name} comes after the command: {its.command_path} {error.option_name} …"
            raise click.UsageError(says, its) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands that are not hidden, in one column under all headings."""
        sections = {
            heading: [
                (name, each.get_short_help_str(LONGEST_SENTENCE))
                for name in names
                if (each := self.get_command(ctx, name)) and not each.hidden
            ]
            for heading, names in self.sections(ctx).items()
        }
        widest = max((len(name) for rows in sections.values() for name, _ in rows), default=0)
        for heading, rows in sections.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl([(name.ljust(widest), says) for name, says in rows])

    def sections(self, ctx: click.Context) -> dict[str, list[str]]:
        """The names of the commands by the heading that they stand under."""
        return {"Commands": self.list_commands(ctx)}


class Group(Listing):
    """Called alone it prints its help, which is what was asked for: no mistake."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Help for no arguments, whatever this version of click makes of them."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        return super().parse_args(ctx, args)
