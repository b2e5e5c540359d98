"""Changes some keys of the user's own file, and nothing else in it."""

import os
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from wherein import private
from wherein.config.files import read_user_file
from wherein.errors import ConfigError

MOST_PARTS = 3
"""Of a key: `search.ranking.words`. What comes after may hold dots."""


def change_user_file(path: Path, changes: Mapping[str, object]) -> bool:
    """Set keys, or take out those that are None; whether the file says anything else now. Comments, order and the
    file's mode stay; a link is followed. Raises ConfigError if the file is no TOML, or cannot be changed or written."""
    read_user_file(path, ())  # what is wrong with it is told as elsewhere
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    place = path.resolve()
    try:
        try:
            text, mode = place.read_text("utf-8-sig"), place.stat().st_mode & 0o777
        except FileNotFoundError:
            text, mode = "", private.FILE_MODE
        before, wanted, document = tomllib.loads(text), tomllib.loads(text), tomlkit.parse(text)
        for key, value in changes.items():
            parts = key.split(".", MOST_PARTS - 1)
            _change(wanted, parts, value, [dict] * MOST_PARTS)
            _change(document, parts, value, [tomlkit.table, *[tomlkit.inline_table] * MOST_PARTS])
        if wanted == before:
            return False
        written = tomlkit.dumps(document)
        if tomllib.loads(written) != wanted:  # tomlkit loses its way where dotted keys and tables meet
            raise ValueError("it is written in a way that cannot be kept")
        place.parent.mkdir(parents=True, exist_ok=True)
        private.write(place, written.encode())
        if os.name == "posix":
            place.chmod(mode)
        return True
    except (TOMLKitError, ValueError, TypeError) as error:
        raise ConfigError(f"{path} cannot be changed: {error}.", remedy="change it by hand") from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}.", remedy="change it by hand"
        ) from None


def _change(table: MutableMapping[str, Any], parts: list[str], value: object, makers: list[Any]) -> None:
    *sections, name = parts
    for section, maker in zip(sections, makers, strict=False):
        if section not in table:
            if value is None:
                return
            table[section] = maker()
        table = table[section]
        if value is None and not isinstance(table, MutableMapping):
            return
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value
