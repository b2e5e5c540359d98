"""Other tools that write hooks: known by what lies in a hooks folder."""

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

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


def _texts(folder: Path) -> Iterator[bytes]:
    with suppress(OSError):
        for path in folder.iterdir():
            if path.suffix != ".sample" and path.is_file():
                with path.open("rb") as file:
                    yield file.read(MOST_BYTES)
