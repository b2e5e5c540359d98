"""`wherein config`."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from wherein.config.locations import PROJECT_FILE, project_root, user_config_file
from wherein.config.settings import all_settings
from wherein.redaction import shown_url, without_passwords
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for

_ADDRESSES = ("store", "llm.base_url", "llm.describe_consent", "deep_endpoint", "deep_consent")


@click.group(cls=Group, epilog=example("wherein config show --origin", "wherein config path"))
def command() -> None:
    """Show settings and the files they come from."""


@command.command(epilog=example("wherein config show --origin"))
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@common_options
def show(common: Common, origin: bool) -> int:
    """Show every setting with its value here.

    A flag counts more than the environment, that more than the repository's .wherein.toml, that more than
    your own file, that more than the default.
    """
    settings = settings_for(common)
    rows = [
        (key, _plain(key, settings.value(key), secret=setting.secret), settings.origin(key))
        for key, setting in all_settings()
    ]
    if common.json:
        shown = {
            key: {"value": value, "source": source.source, "where": jsonout.readable(source.where)}
            for key, value, source in rows
        }
        jsonout.print_json({"settings": shown})
        return Exit.DONE
    for key, value, source in rows:
        line = f"{key} = {_toml(value)}"
        common.screen.line(shown_name(f"{line:<44}  # {source}" if origin else line))
    return Exit.DONE


@command.command(epilog=example('$EDITOR "$(wherein config path)"'))
@common_options
def path(common: Common) -> int:
    """Print where your own configuration file is, or would be."""
    user = user_config_file(os.environ)
    if common.json:
        project = project_root(common.folder) / PROJECT_FILE
        jsonout.print_json({"user": jsonout.readable(str(user)), "project": jsonout.readable(str(project))})
    else:
        common.screen.line(str(user))
    return Exit.DONE


def _plain(key: str, value: object, *, secret: bool) -> object:
    """As JSON knows it, without a password."""
    if secret and value is not None:
        return "***"
    if isinstance(value, Path):
        return jsonout.readable(str(value))
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):
        is_address = key in _ADDRESSES and not value.startswith("sqlite")
        return shown_url(value) if is_address else without_passwords(value)
    return value


def _toml(value: object) -> str:
    import json

    if value is None:
        return '""'
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{json.dumps(name)} = {_toml(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
