"""The repositories whose hooks are in a folder that others use too: only these are indexed from there."""

import os
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.errors import ConfigError

FILE = "repositories"
"""A line each, which the script that hooks run looks for."""


def listed(state: Path) -> list[Path]:
    """Git folders, as far as they are still there."""
    with suppress(OSError):
        lines = private.read(state / FILE).split(b"\n")
        return [path for line in lines if line and (path := Path(os.fsdecode(line))).is_dir()]
    return []


def add(state: Path, common_dir: Path) -> None:
    """Let it be indexed from such a folder. Raises OSError; ConfigError for a name that is no line."""
    if "\n" in str(common_dir):
        raise ConfigError(
            f"{str(common_dir)!r} has a line break in its name, and its hooks are in a folder of several repositories."
        )
    _write(state, [*(each for each in listed(state) if each != common_dir), common_dir])


def drop(state: Path, common_dir: Path) -> None:
    """Let it be indexed from such a folder no more. Raises OSError."""
    if common_dir in (known := listed(state)):
        _write(state, [each for each in known if each != common_dir])


def _write(state: Path, paths: list[Path]) -> None:
    private.write(state / FILE, b"".join(os.fsencode(path) + b"\n" for path in paths))
