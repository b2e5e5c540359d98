"""`wherein config`."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click

from wherein.config.given import value_for_file
from wherein.config.locations import PROJECT_FILE, project_root, user_config_file
from wherein.config.settings import all_settings
from wherein.config.write import change_user_file
from wherein.errors import WhereinError
from wherein.redaction import shown_url, without_passwords
from wherein_server.cli import complete, jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import settings_for

_ADDRESSES = ("store", "llm.base_url", "llm.describe_consent", "deep_endpoint", "deep_consent")


@click.group(cls=Group, epilog=example("wherein config show --origin", "wherein config set search.limit 20"))
def command() -> None:
    """Show and change settings, and the files they come from."""


@command.command(epilog=example("wherein config show --origin"))
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@common_options
def show(common: Common, origin: bool) -> int:
    """Show every setting with its value here.

    A flag takes precedence over the environment, then come the repository's .wherein.toml, your own file and the
    default.
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


@command.command(
    "set",
    epilog=example(
        "wherein config set search.limit 20", "wherein config set index.exclude 'docs/old/' '*.snap'"
    ),
)
@click.argument("key", shell_complete=complete.settings)
@click.argument("words", metavar="VALUE…", nargs=-1, required=True)
@common_options
def set_(common: Common, key: str, words: tuple[str, ...]) -> int:
    """Write a setting into your own configuration file.

    VALUE is text or a TOML value; several make a list. The file's comments and order are kept. `wherein config
    show` lists the settings.
    """
    value = value_for_file(key, words)
    return _changed(common, key, value)


@command.command(epilog=example("wherein config unset search.limit"))
@click.argument("key", shell_complete=complete.settings)
@common_options
def unset(common: Common, key: str) -> int:
    """Remove a setting from your own configuration file, even one that does not exist (any longer)."""
    return _changed(common, key, None)


def _changed(common: Common, key: str, value: object) -> int:
    file = user_config_file(os.environ)
    changed = change_user_file(file, {key: value})
    secret = any(name == key and setting.secret for name, setting in all_settings())
    shown = None if value is None else _plain(key, value, secret=secret)
    if common.json:
        jsonout.print_json(
            {"file": jsonout.readable(str(file)), "key": key, "value": shown, "changed": changed}
        )
        return Exit.DONE
    if value is None:
        says = f"{key} is not set in {file} {'any more' if changed else '(nor was it)'}."
    else:
        says = f"{key} = {_toml(shown)} in {file}{'' if changed else ', as before'}."
    common.screen.line(shown_name(says))
    with suppress(WhereinError):  # of another setting: the next command tells it
        settings = settings_for(common, tell=False)
        origin = next((settings.origin(name) for name, _ in all_settings() if name == key), None)
        if origin is not None and origin.source in ("environment", "project"):
            common.screen.note(
                f"Here {key} comes from the {origin.source} ({origin.where}), which takes precedence."
            )
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
