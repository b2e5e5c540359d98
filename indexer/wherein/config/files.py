"""The two configuration files, read into flat tables of dotted keys."""

import os
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from wherein.config.locations import PROJECT_FILE
from wherein.errors import ConfigError
from wherein.without_waiting import beginning

LARGEST_FILE = 100_000
"""Bytes. A cloned repository must not fill the memory by what it calls a configuration."""

MOST_PARTS = 32
"""Of a dotted key. Reading it takes the square of that: 50,000 parts took half a minute."""

_PART = r"""(?:(?<![\w-])[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{MOST_PARTS}}}")


class UnusableFile(Exception):
    """A configuration file that cannot be read; str() is the rest of a sentence that begins with its name."""


def read_user_file(path: Path, tables: Collection[str]) -> dict[str, object]:
    """What the user's own file sets; nothing if there is none."""
    try:
        return _flatten(_parse(_bounded(path)), tables)
    except FileNotFoundError:
        return {}
    except UnusableFile as error:
        raise ConfigError(f"{path} {error}.", remedy="fix the file, or move it out of the way") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None


def read_project_file(root: Path, tables: Collection[str]) -> dict[str, object]:
    """What the repository's file sets; nothing if there is none. Raises UnusableFile."""
    path = root / PROJECT_FILE
    try:
        if not path.is_symlink() and not path.exists():
            return {}
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            raise UnusableFile("is a symbolic link that leads out of the repository")
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnusableFile("is not a regular file")
        return _flatten(_parse(_bounded(path)), tables)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise UnusableFile(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _bounded(path: Path) -> bytes:
    """What a file holds, of which no more is read than can be used. Raises FileNotFoundError."""
    if path.is_symlink() and not path.exists():
        raise UnusableFile("is a broken symbolic link")
    if os.name == "posix" and path.samefile(os.devnull):
        return b""
    data = beginning(path, LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise UnusableFile(f"is larger than {LARGEST_FILE:,} bytes")
    return data


def _parse(data: bytes) -> dict[str, object]:
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        if _LONG_KEY.search(text):
            raise UnusableFile(f"has a key of more than {MOST_PARTS} parts")
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise UnusableFile("is not UTF-8") from None
    except RecursionError:
        raise UnusableFile("is not valid TOML: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        raise UnusableFile(f"is not valid TOML: {error}") from None
    except ValueError:  # of int(): thousands of digits
        raise UnusableFile("holds a number with too many digits") from None


def _flatten(table: Mapping[str, object], tables: Collection[str], prefix: str = "") -> dict[str, object]:
    """Dotted keys; those of `tables` keep their table as the value."""
    flat: dict[str, object] = {}
    for name, value in table.items():
        key = prefix + name
        if isinstance(value, Mapping) and not prefix and key not in tables:
            flat.update(_flatten(value, tables, f"{key}."))
        else:
            flat[key] = value
    return flat
