"""What needs the user's consent: a question on a terminal, an option elsewhere."""

import sys

import click

from wherein.errors import ConfigError, WhereinError
from wherein_server.cli.sanitize import sentence


def agreed(what: WhereinError) -> None:
    """Return where the user, asked with an error's sentence, wants to go on. The error where nobody can be asked,
    ConfigError where he says no."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        raise what
    if not click.confirm(f"wherein: {sentence(what.message)} Go on?", err=True):
        raise ConfigError("Nothing was done.")
