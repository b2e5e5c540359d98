"""Changing the user's own file: some keys of it, and nothing else of what stands in it."""

import os
from collections.abc import Mapping
from pathlib import Path

from wherein import private
from wherein.config.files import read_user_file
from wherein.errors import ConfigError


def change_user_file(path: Path, changes: Mapping[str, str | int | float | bool | None]) -> None:
    """Set keys of no section, or take out those that are None. Comments, order and the file's mode stay; a link is
    followed. ConfigError where the file is no TOML, or cannot be written."""
    read_user_file(path, ())  # what is wrong with it is told as elsewhere
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    place = path.resolve()
    try:
        try:
            text, mode = place.read_text("utf-8-sig"), place.stat().st_mode & 0o777
        except FileNotFoundError:
            text, mode = "", private.FILE_MODE
        document = tomlkit.parse(text)
        for key, value in changes.items():
            if value is None:
                document.pop(key, None)
            else:
                document[key] = value
        place.parent.mkdir(parents=True, exist_ok=True)
        private.write(place, tomlkit.dumps(document).encode())
        if os.name == "posix":
            place.chmod(mode)
    except TOMLKitError as error:
        raise ConfigError(f"{path} cannot be changed: {error}.", remedy="change it by hand") from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}.", remedy="change it by hand"
        ) from None
