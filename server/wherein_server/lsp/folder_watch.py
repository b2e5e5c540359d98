"""Reports of changed files from the system, if the editor sends none."""

import asyncio
import logging
import threading
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path, PurePath

from wherein.git.source import Folders
from wherein.watching.watcher import Watcher

POLL_SECONDS = 10.0
"""Between looks where the system does not tell either; what is saved in the editor is told by it."""

RETRY_SECONDS = 10.0

_log = logging.getLogger(__name__)


class FolderWatch:
    """A thread that waits. `told` is called in the event loop that this is made in, with the files that changed; with
    None if anything may have."""

    def __init__(
        self, place: Path, folders: Callable[[], Folders], told: Callable[[Collection[PurePath] | None], None]
    ) -> None:
        self._place = place
        self._folders = folders
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._stop = threading.Event()
        threading.Thread(target=self._work, name="wherein-watch", daemon=True).start()

    def stop(self) -> None:
        """Wait no more; the thread ends soon."""
        self._stop.set()

    def _work(self) -> None:
        with closing(
            Watcher(self._place, self._folders, say=_log.info, poll_seconds=POLL_SECONDS)
        ) as watcher:
            self._wait(watcher)

    def _wait(self, watcher: Watcher) -> None:
        while not self._stop.is_set():
            try:
                if watcher.wait(self._stop):
                    files = None if watcher.told is None else [Path(file) for file in watcher.told]
                    self._loop.call_soon_threadsafe(self._told, files)
            except RuntimeError:  # the loop has ended
                return
            except Exception as error:
                _log.info("watching %s: %s", self._place, error)
                self._stop.wait(RETRY_SECONDS)
