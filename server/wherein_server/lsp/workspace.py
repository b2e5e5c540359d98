"""What is open in the editor: its folders, and the repositories that they are in."""

import asyncio
import logging
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from wherein.errors import ConfigError, IndexMissing, WhereinError
from wherein.git.source import MOST_TOLD, Folders
from wherein_server.lsp.deepening import Deepening
from wherein_server.lsp.folder_watch import FolderWatch
from wherein_server.lsp.git_watch import POLL_SECONDS, GitWatch
from wherein_server.lsp.progress import UpdateProgress
from wherein_server.lsp.repository import Repository, place_of
from wherein_server.lsp.state import State
from wherein_server.lsp.trouble import Trouble
from wherein_server.lsp.updater import SAVE_DELAY, Updater
from wherein_server.lsp.uris import is_elsewhere, of_windows, to_path

if TYPE_CHECKING:
    from wherein_server.lsp.server import WhereinServer

_log = logging.getLogger(__name__)


class Served:
    """One repository with everything that keeps its index fresh."""

    def __init__(self, server: "WhereinServer", place: Path, overrides: Mapping[str, object]) -> None:
        self.uris: set[str] = set()
        """the folders of the workspace that lie in it"""
        self.repository = Repository(place, overrides, restricted=server.restricted)
        self._server = server
        progress = UpdateProgress(server, self.repository.name, lambda: self.updater.cancel())
        trouble = Trouble(server, lambda: self.updater.request(force=True), self._agree)
        self.state = State(server, self)
        self.deepening = Deepening(server, self)
        self.updater = Updater(
            place,
            lambda: self.repository.overrides,
            (progress, trouble, self.state, self.deepening),
            restricted=server.restricted,
        )
        self._warm_already = False
        self._renewing = False
        """whether the index is about to have another name"""
        self._files: FolderWatch | None = None
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    @property
    def automatic(self) -> bool:
        """Whether it is updated without being asked."""
        try:
            return self.repository.settings.lsp.auto_update
        except WhereinError:
            return True  # the update will tell what is wrong with the settings

    def _agree(self) -> None:
        """The user wants this folder indexed, though it is in no repository."""

        async def note() -> None:
            await self._server.in_thread(self.repository.agree)
            self.updater.request(delay=0.0)

        self._server.in_background(note())

    def update_soon(self, files: Collection[PurePath] | None = None, *, delay: float = SAVE_DELAY) -> None:
        """Update after something has happened, to these files or to anything, where that is wanted."""
        if self.automatic:
            few = None if files is None or len(files) > MOST_TOLD else [Path(file) for file in files]
            self.updater.request(delay=delay, files=few)

    async def reconfigure(self, overrides: Mapping[str, object]) -> None:
        """Read the settings anew, and look at the index in their light."""
        try:
            await self._server.in_thread(self.repository.reconfigure, overrides)
        except WhereinError as error:  # the update tells it
            _log.debug("%s: %s", self.repository.place, error)
        self.update_soon(delay=0.0)

    def stop_watching(self) -> None:
        """Be told no more of changed files."""
        if self._files is not None:
            self._files.stop()

    async def close(self) -> None:
        """Let go of everything."""
        self._watching.cancel()
        self.stop_watching()
        self.updater.close()
        self.deepening.close()
        self.state.close()
        await self._server.in_thread(self.repository.close)

    async def _watch(self) -> None:
        """Update when git has done something; warm up when an update is over."""
        watch = await self._server.in_thread(GitWatch, self.repository.place)
        await self._server.in_thread(self._warm)  # at least what is imported and the model are there then
        if self.automatic and not self._server.told_of_files:
            self._files = FolderWatch(self.repository.place, self._folders, self.update_soon)
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                await self._look(watch)
            except Exception:  # the next look may go well
                _log.exception("looking at %s", self.repository.place)

    def _folders(self) -> Folders:
        return self.repository.reading(lambda index: index.folders())

    async def _look(self, watch: GitWatch) -> None:
        changed = await self._server.in_thread(watch.changed)
        if changed or self._renewing:
            with suppress(WhereinError):  # what is wrong is told to who asks
                self._renewing = not await self._server.in_thread(self.repository.renew)
        if changed:
            self.update_soon()
        if self.updater.running:
            self._warm_already = False
        elif not self._warm_already:
            self._warm_already = True
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
        self.refused: dict[str, WhereinError] = {}
        """folders of the workspace that cannot be served, and why"""

    def all(self) -> list[Served]:
        """Every repository, in the order of their folders. Raises IndexMissing if no folder is open."""
        if not self._served:
            for problem in self.refused.values():
                raise IndexMissing(problem.message, remedy=problem.remedy)
            raise IndexMissing("No folder is open, so there is nothing to search.", remedy="open a folder")
        return list(self._served.values())

    async def add(self, uri: str) -> None:
        """Serve a folder, and bring its index up to date."""
        try:
            folder = Path(to_path(uri))
            place = await self._server.in_thread(place_of, folder)
        except ConfigError as error:
            _log.warning("%s is not served: %s", uri, error)
            self.refused[uri] = error
            return
        key = _place(place)
        served = self._served.get(key)
        is_new = served is None
        if served is None:
            self._served[key] = served = Served(self._server, place, self._overrides_of(uri))
        served.uris.add(uri)  # before others have their turn: what has no folder is closed
        if is_new:
            await served.reconfigure(served.repository.overrides)
        served.state.changed()

    async def remove(self, uri: str) -> None:
        """Serve a folder no longer; its repository goes with the last of its folders."""
        self.refused.pop(uri, None)
        for key, served in list(self._served.items()):
            if uri not in served.uris:
                continue
            served.uris.discard(uri)
            if not served.uris:
                del self._served[key]
                await served.close()
            else:
                served.state.changed()

    async def of(self, uri: str) -> Served:
        """The repository that a document lies in: the innermost where they are nested. Raises ConfigError if it lies in
        none."""
        path = to_path(uri)
        real = await self._server.in_thread(_place, path)
        inside = (key for key in self._served if real == key or real.startswith(key.rstrip(os.sep) + os.sep))
        best = max(inside, key=len, default="")
        if not best:
            self.all()
            if is_elsewhere(path):
                raise of_windows(path)
            raise ConfigError(
                f"{path} is not in a folder that is open.", remedy="open the folder that it is in"
            )
        return self._served[best]

    async def reconfigure(self) -> None:
        """Take over changed settings of the editor; where they differ the index is looked at again."""
        for served in list(self._served.values()):  # folders come and go meanwhile
            overrides = self._overrides_of(next(iter(sorted(served.uris)), ""))
            if overrides != served.repository.overrides:
                await served.reconfigure(overrides)

    def stop(self) -> None:
        """End what runs, at once."""
        for served in self._served.values():
            served.updater.close()
            served.stop_watching()


def _place(path: PurePath) -> str:
    """One spelling for all of a file's or folder's: links are followed on the way to it, but a file is not left for
    what it links to."""
    if Path(path).is_dir():
        return os.path.normcase(os.path.realpath(path))
    return os.path.normcase(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118 - a text is wanted
