"""Other tools that write hooks: known by what lies in a hooks folder."""

import os
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from wherein.hooks.block import speaks_of_us

MOST_BYTES = 20_000
"""Of a hook file that are looked at."""


@cache
def _managers() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("wherein.hooks").joinpath("managers.toml").read_text(encoding="utf-8"))


def managers_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Name of each tool at home in a folder, and what it does to a hook that is not its own."""
    texts = list(_texts(folder))
    for name, manager in _managers().items():
        at_home = folder.as_posix().endswith(manager.get("folder", "\0"))
        if at_home or any(mark.encode() in text for mark in manager["marks"] for text in texts):
            yield name, manager["does"]


def in_force(folder: Path, event: str) -> Path:
    """The file of a hook in which ours may stand: its own, or the one before it that a tool keeps and runs."""
    path = folder / event
    with suppress(OSError), path.open("rb") as file:
        text = file.read(MOST_BYTES)
        for manager in _managers().values():
            kept = path.with_name(f"{event}{manager.get('runs', '')}")
            if kept != path and any(mark.encode() in text for mark in manager["marks"]) and _is_ours(kept):
                return kept
    return path


def _is_ours(path: Path) -> bool:
    return not path.is_symlink() and os.access(path, os.X_OK) and speaks_of_us(path.read_bytes())


def _texts(folder: Path) -> Iterator[bytes]:
    with suppress(OSError):
        for path in folder.iterdir():
            if path.suffix != ".sample" and path.is_file():
                with path.open("rb") as file:
                    yield file.read(MOST_BYTES)
