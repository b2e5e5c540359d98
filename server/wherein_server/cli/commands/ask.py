"""`wherein ask`."""

import click

from wherein.errors import ConfigError
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, answer_options, common_options, example
from wherein_server.cli.pasted_arguments import TextCommand
from wherein_server.explain.targets import Question


@click.command(
    cls=TextCommand, epilog=example('wherein ask "how are redirects followed, and when does it give up?"')
)
@click.argument("question", nargs=-1, required=True)
@click.option(
    "--think/--no-think",
    "think",
    default=None,
    help="Have the model first say what the code might look like, and search for that as well.",
)
@answer_options
@common_options
def command(
    common: Common,
    question: tuple[str, ...],
    think: bool | None,
    show_prompt: bool,
    no_cache: bool,
    no_update: bool,
) -> int:
    """Answer a question about the code, from the code.

    A language model is shown what a search for the question finds, and cites its source for every statement. The
    model is one that runs on this machine, unless you configure another.
    """
    from wherein_server.cli.explaining import explain

    text = " ".join(question).strip()
    if not text:
        raise ConfigError("The question is empty.", remedy='wherein ask "how …?"')
    explain(
        common,
        lambda _: Question(text),
        update=not no_update,
        show_prompt=show_prompt,
        use_cache=not no_cache,
        think=think,
    )
    return Exit.DONE
