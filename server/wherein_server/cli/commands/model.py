"""`wherein model`."""

import click

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import settings_for
from wherein_server.cli.wording import size


@click.group(cls=Group, epilog=example("wherein model list"))
def command() -> None:
    """Show the embedding models."""


@command.command(name="list", epilog=example("wherein model list"))
@common_options
def list_(common: Common) -> int:
    """List the models that can be used; a star marks the configured one."""
    from wherein.embedding.open import BUILTIN, list_models

    used = settings_for(common).model or BUILTIN
    models = list_models()
    if common.json:
        rows = [
            {
                "name": model.name,
                "id": model.id,
                "dimension": model.dimension,
                "licence": model.licence,
                "description": model.description,
                "bytes": model.bytes,
                "used": model.name == used,
            }
            for model in models
        ]
        jsonout.print_json({"models": rows})
    else:
        for model in models:
            mark = "*" if model.name == used else " "
            common.screen.line(
                f"{mark} {model.name}  {model.dimension} dimensions, {size(model.bytes)}, {model.licence}: "
                f"{model.description}"
            )
    return Exit.DONE
