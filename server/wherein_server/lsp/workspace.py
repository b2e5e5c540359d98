"""What is open in the editor: its folders, and the repositories that they lie in."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConfigError, IndexMissing, WhereinError
from wherein_server.lsp.git_watch import POLL_SECONDS, GitWatch
from wherein_server.lsp.progress import UpdateProgress
from wherein_server.lsp.repository import Repository, place_of
from wherein_server.lsp.trouble import Trouble
from wherein_server.lsp.updater import SAVE_DELAY, Updater
from wherein_server.lsp.uris import to_path

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer

_log = logging.getLogger(__name__)


class Served:
    """One repository with everything that keeps its index fresh."""

    def __init__(self, server: "WhereinServer", place: Path, overrides: Mapping[str, object]) -> None:
        self.uris: set[str] = set()
        """the folders of the workspace that lie in it"""
        self.repository = Repository(place, overrides)
        self._server = server
        progress = UpdateProgress(server, self.repository.name, lambda: self.updater.cancel())
        trouble = Trouble(server, lambda: self.updater.request(force=True))
        self.updater = Updater(place, lambda: self.repository.overrides, (progress, trouble))
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    @property
    def automatic(self) -> bool:
        """Whether it is updated without being asked."""
        try:
            return self.repository.settings.lsp.auto_update
        except WhereinError:
            return True  # the update will tell what is wrong with the settings

    def update_soon(self, delay: float = SAVE_DELAY) -> None:
        """Update after something has happened, where that is wanted."""
        if self.automatic:
            self.updater.request(delay=delay)

    async def close(self) -> None:
        """Let go of everything."""
        self._watching.cancel()
        self.updater.close()
        await self._server.in_thread(self.repository.close)

    async def _watch(self) -> None:
        """Update when git has done something; warm up when an update is over."""
        watch = await self._server.in_thread(GitWatch, self.repository.place)
        warm = False
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if await self._server.in_thread(watch.changed):
                self.update_soon()
            if self.updater.running:
                warm = False
            elif not warm:
                warm = True
                await self._server.in_thread(self._warm)

    def _warm(self) -> None:
        try:
            self.repository.warm()
        except WhereinError as error:
            _log.debug("not warmed: %s", error)


class Workspace:
    """The folders of the workspace; several in one repository share what is kept of it."""

    def __init__(self, server: "WhereinServer", overrides_of: Callable[[str], Mapping[str, object]]) -> None:
        self._server = server
        self._overrides_of = overrides_of
        self._served: dict[str, Served] = {}

    def all(self) -> list[Served]:
        """Every repository, in the order of their folders. IndexMissing where no folder is open."""
        if not self._served:
            raise IndexMissing("No folder is open, so there is nothing to search.", remedy="open a folder")
        return list(self._served.values())

    async def add(self, uri: str) -> None:
        """Serve a folder, and bring its index up to date."""
        try:
            folder = Path(to_path(uri))
            place = await self._server.in_thread(place_of, folder)
        except ConfigError as error:
            _log.warning("%s is not served: %s", uri, error)
            return
        key = os.path.realpath(place)
        if key not in self._served:
            self._served[key] = Served(self._server, place, self._overrides_of(uri))
            self._served[key].update_soon(delay=0.0)
        self._served[key].uris.add(uri)

    async def remove(self, uri: str) -> None:
        """Serve a folder no longer; its repository goes with the last of its folders."""
        for key, served in list(self._served.items()):
            served.uris.discard(uri)
            if not served.uris:
                del self._served[key]
                await served.close()

    async def of(self, uri: str) -> Served:
        """The repository that a document lies in: the innermost where they are nested. ConfigError where it lies in
        none."""
        path = to_path(uri)
        real = await self._server.in_thread(os.path.realpath, path)
        best = ""
        for key in self._served:
            if (real == key or real.startswith(key.rstrip(os.sep) + os.sep)) and len(key) > len(best):
                best = key
        if not best:
            self.all()
            raise ConfigError(
                f"{path} lies in no folder that is open.", remedy="open the folder that it lies in"
            )
        return self._served[best]

    async def reconfigure(self) -> None:
        """Take over changed settings of the editor; where they differ the index is looked at again."""
        for served in self._served.values():
            overrides = self._overrides_of(next(iter(sorted(served.uris)), ""))
            if overrides != served.repository.overrides:
                served.repository.overrides = overrides
                await self._server.in_thread(served.repository.close)
                served.update_soon(delay=0.0)

    def stop(self) -> None:
        """End what runs, at once."""
        for served in self._served.values():
            served.updater.close()
