"""`wherein completion`."""

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example


@click.command(
    epilog=example(
        'bash: eval "$(wherein completion bash)" in ~/.bashrc',
        'zsh:  eval "$(wherein completion zsh)" in ~/.zshrc',
        "fish: wherein completion fish > ~/.config/fish/completions/wherein.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
def command(common: Common, shell: str) -> int:
    """Print the script that completes commands and options in SHELL."""
    from click.shell_completion import get_completion_class

    from wherein_server.cli.main import cli

    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(cli, {}, "wherein", "_WHEREIN_COMPLETE").source()
    if common.json:
        jsonout.print_json({"shell": shell, "script": script})
    else:
        common.screen.line(script)
    return Exit.DONE
