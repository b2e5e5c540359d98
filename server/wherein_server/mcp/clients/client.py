"""Which file of a client names its servers."""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from wherein.packaged import files
from wherein.quick_dataclass import dataclass

NAME = "wherein"
"""What the server is called in every client."""


@dataclass(frozen=True, slots=True)
class Client:
    """A coding agent."""

    title: str
    file: str
    format: str
    """json (comments and trailing commas allowed) or toml"""
    key: str
    """the table of its servers"""
    folder: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)
    """what it wants to be told beside the command"""

    def path(self, environ: Mapping[str, str]) -> Path:
        """Its file, which need not exist."""
        moved = environ.get(self.folder, "") if self.folder else ""
        if moved:
            return Path(moved).expanduser() / Path(self.file).name
        return Path(self.file.replace("{config}", str(_config_folder(environ)))).expanduser()

    def server(self, command: str, arguments: list[str]) -> dict[str, Any]:
        """What is written of us."""
        return {**self.entry, "command": command, "args": arguments}


@cache
def clients() -> Mapping[str, Client]:
    """All that are known, by the name they have on the command line."""
    data = tomllib.loads((files(__package__) / "clients.toml").read_text("utf-8"))
    return {name: Client(**entry) for name, entry in data.items()}


def _config_folder(environ: Mapping[str, str]) -> Path:
    if sys.platform == "darwin":
        return Path("~/Library/Application Support").expanduser()
    if sys.platform == "win32":
        return Path(environ.get("APPDATA", "~/AppData/Roaming")).expanduser()
    return Path(environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
