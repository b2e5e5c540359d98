"""One repository that agents ask about: its index, kept as fresh as the disk."""

import logging
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import wherein
from wherein.config.settings import Settings
from wherein.errors import StoreUnreachable, WhereinError
from wherein.interpreter import interpreter, running
from wherein.status import Progress, Status
from wherein.watching.watcher import Watcher
from wherein_server.cli.wording import count
from wherein_server.mcp.trouble import ToolError

MOST_AT_ONCE = 60
"""Changed files that a call waits for, in this process: they take .3 s. A process of its own indexes more of them, and
gives its memory back when it is done."""

FIRST_WAIT = 20.0
"""Seconds that a call waits for that process: clients give up after 30 to 60."""

PATIENCE = 1.0
"""Seconds that a call waits for another process's update."""

POLL_SECONDS = 10.0
"""Between looks if the system does not report changes."""

RETRY_SECONDS = 10.0
"""Until watching is tried again that could not begin, or ended."""

_log = logging.getLogger(__name__)


class _TooMuch(Exception):
    """An update has more files than a call waits for."""


class Repository:
    """Used by one thread at a time; only watching has another."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.index = wherein.open_index(folder, settings=settings)
        self._changed = threading.Event()
        self._changed.set()
        self._unwatched = threading.Event()
        """set while watching fails"""
        self._stop = threading.Event()
        self._watching = False
        self._child: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    def close(self) -> None:
        """Close everything; an indexing process runs to its end."""
        self._stop.set()
        self.index.close()

    def refresh(self) -> list[str]:
        """Bring the index up to date, as far as that takes no longer than a call may. Returns sentences about what it
        lacks. Raises an error if there is nothing to answer from."""
        if not self._changed.is_set() and not self._unwatched.is_set():
            return []
        self._changed.clear()
        if self.index.fixed or self.index.kept_by_others:
            return []
        try:
            self.index.may_index()
            notes = self._update()
        except (StoreUnreachable, wherein.NotARepository) as error:
            self._changed.set()
            if not self.index.can_be_read():
                raise
            return [f"{error.message} This answer is from the index as it was."]
        except BaseException:
            self._changed.set()
            raise
        if notes:
            self._changed.set()
        return notes

    def state(self) -> Status:
        """The state of the index that gave the last answer."""
        return self.index.told(check=False)

    def lacks(self, path: str) -> ToolError:
        """What to say about a path that is not indexed."""
        return ToolError(self.index.why(path), remedy="Use your own file tool if you need it")

    def behind(self) -> str:
        """How far an answer is behind, if its state does not say; empty if nobody knows."""
        return ""

    def watch(self) -> None:
        """Watch for changes from now on, instead of looking at each call."""
        if not self._watching and not self.index.fixed:
            self._watching = True
            threading.Thread(target=self._watch, name="wherein-watch", daemon=True).start()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch_until_it_fails()
            except Exception as error:  # until it is watched again, each call looks for itself
                _log.info("watching %s: %s", self.folder, error)
                self._unwatched.set()
                self._stop.wait(RETRY_SECONDS)

    def _watch_until_it_fails(self) -> None:
        with (
            wherein.open_index(self.folder, settings=self.settings) as other,
            closing(Watcher(self.folder, other.folders, say=_log.info, poll_seconds=POLL_SECONDS)) as watcher,
        ):
            while watcher.wait(self._stop):
                self._changed.set()
                self._unwatched.clear()

    def _update(self) -> list[str]:
        if self._child is None and (notes := self._update_here()) is not None:
            return notes
        if self._child is None:
            self._child = self._start()
            self._began = time.monotonic()
        return self._wait()

    def _update_here(self) -> list[str] | None:
        """An update of few files; None if there are more."""
        try:
            report = self.index.update(_refuse_many, wait=PATIENCE, processes=0, then_search=True)
        except _TooMuch:
            return None
        finally:
            self.index.let_go()
        if report.busy and not self.index.can_be_read():
            return None  # the first index: our process waits for the other one
        if report.busy:
            return ["Another process is indexing this repository; this answer is partial."]
        return []

    def _wait(self) -> list[str]:
        child = self._child
        assert child is not None
        try:
            _, said = child.communicate(timeout=FIRST_WAIT)
        except subprocess.TimeoutExpired:
            self.index.let_go()
            so_far = self._chunks()
            minutes = f"{time.monotonic() - self._began:.0f} s so far"
            if not so_far:
                raise wherein.IndexMissing(
                    f"The first index of this repository is being made ({minutes})."
                ) from None
            return [f"The index is being made ({count(so_far, 'chunk')}, {minutes}): this answer is partial."]
        self._child = None
        self.index.let_go()
        if child.returncode and not self.index.can_be_read():
            sentence = said.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("wherein: ")
            raise StoreUnreachable(sentence or "The repository could not be indexed.")
        return self._update_here() or []  # what was saved meanwhile

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [*running("wherein_server.cli"), "index", "--repo", str(self.folder)]
        if self.settings.store:
            command += ["--store", self.settings.store]
        return subprocess.Popen(
            command,
            executable=interpreter(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _chunks(self) -> int:
        try:
            return self.index.told(check=False).chunks if self.index.is_indexed() else 0
        except WhereinError:
            return 0


def _refuse_many(progress: Progress) -> None:
    if progress.files_total > MOST_AT_ONCE:
        raise _TooMuch
