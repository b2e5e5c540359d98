"""The folders that agents may ask about, and the repositories that are open in them."""

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein_server.mcp.repository import Repository
from wherein_server.mcp.trouble import ToolError

MOST_OPEN = 8
"""Repositories, each some 5 MB and a thread; the least recently used one is closed."""

ROOTS_WAIT = 1.0
"""Seconds that a first call waits for a client that was asked for its folders."""


class Workspace:
    """`roots` are folders; nothing outside them is answered. `overrides` are settings from the command line."""

    def __init__(self, roots: Sequence[Path], overrides: Mapping[str, object]) -> None:
        self.roots = list(roots)
        self._overrides = dict(overrides)
        self._open: dict[Path, Repository] = {}
        self._told = threading.Event()
        self._told.set()

    def expect_roots(self) -> None:
        """The client was asked for its folders: calls wait a moment for its answer."""
        self._told.clear()

    def take_roots(self, roots: Sequence[Path]) -> None:
        """Use these folders from now on, if there are any."""
        if roots:
            self.roots = list(roots)
        self._told.set()

    def understood(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """A call's arguments, with the repository that they name in other ways than by `repo`."""
        return arguments

    def who(self) -> str:
        """Who asks, where there are several."""
        return ""

    def repository(self, named: str | None) -> Repository:
        """The repository of a named folder, absolute or relative to the first root; without one, the first root's.
        Raises ToolError for anything outside all roots."""
        if not self._told.wait(ROOTS_WAIT):
            self._told.set()
        folder = self._folder(named)
        found = self._open.pop(folder, None)
        if found is None:
            settings = load_settings(project_root(folder), self._overrides)
            found = Repository(folder, settings)
        self._open[folder] = found
        while len(self._open) > MOST_OPEN:
            self._open.pop(next(iter(self._open))).close()
        return found

    def watch(self) -> None:
        """Watch all open repositories for changes, instead of looking at each call."""
        for repository in self._open.values():
            repository.watch()

    def close(self) -> None:
        """Close all."""
        for repository in self._open.values():
            repository.close()
        self._open.clear()

    def _folder(self, named: str | None) -> Path:
        first = self.roots[0]
        if not named:
            return first
        given = Path(os.path.realpath(first / Path(named).expanduser()))
        for root in self.roots:
            top = Path(os.path.realpath(root))
            if given == top:
                return root
            if given.is_relative_to(top):
                if given.is_dir():
                    return given
                raise ToolError(f"{named} is not a folder.", remedy="Leave `repo` out, or name a folder")
        allowed = ", ".join(str(root) for root in self.roots[:3])
        raise ToolError(
            f"{named} is outside what this server may read ({allowed}).",
            remedy="Leave `repo` out, or use your own tools there",
        )
