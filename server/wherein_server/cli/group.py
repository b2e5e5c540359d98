"""A command that has commands of its own."""

import click


class Group(click.Group):
    """Called alone it prints its help, which is what was asked for: no mistake."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Help for no arguments, whatever this version of click makes of them."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        return super().parse_args(ctx, args)
