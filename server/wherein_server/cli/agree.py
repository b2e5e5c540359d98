"""What is done only by the user's word: a question on a terminal, elsewhere an option."""

import sys

import click

from wherein.errors import ConfigError
from wherein_server.cli.sanitize import sentence


def agreed(what: str, remedy: str) -> None:
    """Return where the user agrees to a sentence's end. ConfigError where nobody can be asked, or says no."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(what, remedy=remedy)
    if not click.confirm(f"wherein: {sentence(what)} Go on?", err=True):
        raise ConfigError("Nothing was done.")
