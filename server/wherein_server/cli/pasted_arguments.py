"""Commands that take texts which people paste: a line of a diff, an operator, a list."""

import click


class TextCommand(click.Command):
    """Its arguments may begin with `-`, where that can be no option: with blanks, or with no letter behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is no option of this command, and looks like text, is taken for it."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption:
            end = given.index("--") if "--" in given else len(given)
            texts = [each for each in given[:end] if _is_text(each)]
            if not texts:
                raise
            options = [each for each in given[:end] if each not in texts]
            return super().parse_args(ctx, [*options, "--", *texts, *given[end + 1 :]])


def _is_text(argument: str) -> bool:
    if argument[:1] != "-" or len(argument) < 2:
        return False
    return any(map(str.isspace, argument)) or not (argument[1].isalnum() or argument[1] == "-")
