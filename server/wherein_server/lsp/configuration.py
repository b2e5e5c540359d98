"""Settings from the editor: which it may give where, and how."""

import logging
from collections.abc import Mapping
from typing import Any

from wherein.config.setting import Setting
from wherein.config.settings import all_settings

SECTION = "wherein"

_log = logging.getLogger(__name__)


NO_SETTINGS = ("notify", "restricted")
"""What else `initializationOptions` may hold."""


def own_options(options: object) -> Mapping[str, Any]:
    """`initializationOptions`, or what they hold under our name."""
    options = plain(options)
    if isinstance(options, Mapping) and isinstance(options.get(SECTION), Mapping):
        options = options[SECTION]
    return options if isinstance(options, Mapping) else {}


def from_options(options: Mapping[str, Any]) -> dict[str, object]:
    """Settings of `initializationOptions`, which only the user's own configuration makes: all may be set."""
    settings = {name: value for name, value in options.items() if name not in NO_SETTINGS}
    return _known(settings, only_project=False)


def is_restricted(options: Mapping[str, Any]) -> bool:
    """Whether the user does not trust the folders that are open. What is no `false` is taken for that."""
    return options.get("restricted") not in (None, False)


def plain(given: object) -> object:
    """Tables as they were sent."""
    if hasattr(given, "_asdict"):
        given = given._asdict()
    return {key: plain(value) for key, value in given.items()} if isinstance(given, dict) else given


def from_section(section: object) -> dict[str, object]:
    """Settings of the section `wherein`, which an editor may have read from a folder that was just cloned: only what
    a repository's own file may set, what to index and how to rank."""
    return _known(section, only_project=True)


def _known(given: object, *, only_project: bool) -> dict[str, object]:
    if not isinstance(given, Mapping):
        return {}
    settings = dict(all_settings())
    found: dict[str, object] = {}
    for key, value in _flat(given, settings).items():
        if value is None:
            continue
        if key not in settings:
            _log.warning("the editor sets %s, which is not a setting; it is ignored", key)
        elif only_project and not settings[key].project:
            _log.warning(
                "the editor sets %s in its section %s; it counts only in initializationOptions or in your own file",
                key,
                SECTION,
            )
        elif problem := _problem(settings[key], value):
            _log.warning("the editor sets %s, which %s; it is ignored", key, problem)
        else:
            found[key] = value
    return found


def _problem(setting: Setting, value: object) -> str:
    try:
        setting.read(value)
    except ValueError as error:
        return str(error)
    return ""


def _flat(given: Mapping[str, Any], settings: Mapping[str, Setting]) -> dict[str, object]:
    """Dotted keys, from tables, from dotted names, or from both."""
    flat: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, Mapping) and name not in settings:
            flat.update({f"{name}.{inner}": one for inner, one in value.items()})
        else:
            flat[str(name)] = value
    return flat
