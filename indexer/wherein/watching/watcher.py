"""Waits until something changes below some folders.

For a few files, it says which they are. For more, for folders and for git's own files, it keeps nothing: whoever is
told looks for himself. So nothing piles up meanwhile, and a branch switch is one reason to look, however many files it
writes.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from wherein.git.source import MOST_TOLD, Folders
from wherein.watching.drain import STEP_MS, Drain, Told
from wherein.watching.remote import remote_file_system

SLICE_SECONDS = 5.0
"""How often to check whether the machine has slept, or it is time for a look."""

SLEPT = 10.0
"""If the clock is this many seconds ahead of the time that this process has seen, the machine was asleep."""

LOOK_EVERY = 60.0
"""Seconds between looks without a reason: systems drop what they cannot report in time."""

POLL_SECONDS = 2.0
"""Seconds between looks if nothing is reported."""

POLL_SHARE = 10
"""At least this many times what a look takes, so that looking takes at most a tenth of one core."""

GIT_PAUSE = 5.0
"""Seconds that git is given to finish: a half-written worktree is not worth a look."""

GIT_FOLDER = ".git"

_IN_GIT = frozenset(
    {"HEAD", "index", "packed-refs", "config", "config.worktree", "exclude", "attributes", "sparse-checkout"}
)
"""What in a git folder says that something else is shown."""

TRIES = 5

LIMITS = (
    "The system cannot watch so many folders (on Linux, sudo sysctl fs.inotify.max_user_watches=524288 "
    "fs.inotify.max_user_instances=512 allows more)."
)


class Watcher:
    """`folders` returns which folders to watch, each by itself, whenever they may have changed. With `poll`, it looks
    every `poll_seconds` instead of being told; `say` gets the reason if that was not requested."""

    def __init__(
        self,
        place: Path,
        folders: Callable[[], Folders],
        *,
        say: Callable[[str], object],
        poll: bool = False,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._poll_seconds = poll_seconds
        self._folders = folders
        self._say = say
        self._drain: Drain | None = None
        self._content: set[str] = set()
        self._git: set[str] = set()
        self._looked = time.monotonic()
        self._took = 0.0
        self._ahead = time.time() - time.monotonic()
        self.polls = poll
        """whether nothing is told, and one has to look"""
        self._first = True
        self._again = False
        self.told: frozenset[str] | None = None
        """the files that the last reason to look was told of; None: anything may have changed"""
        if not poll and (kind := remote_file_system(place)):
            self._poll_instead(f"{place} lies on {kind}, which does not report all changes.")

    def wait(self, stop: threading.Event, look_at: float | None = None) -> bool:
        """Wait for a reason to look. The first one is there at once, and the time `look_at` (of `time.monotonic`) is
        one. Returns False if `stop` was set instead. Call it again when the look is over. Raises KeyboardInterrupt."""
        self.told = None
        if self._again:
            self._again = False
            return not stop.is_set()
        self._took = time.monotonic() - self._looked
        happened = self._poll(stop) if self.polls else self._until_told(stop, look_at)
        self._looked = time.monotonic()
        return happened

    def again(self) -> None:
        """Make the next `wait` return at once: what was to be done could not be done."""
        self._again = True

    def close(self) -> None:
        """Stop watching. A second call does nothing."""
        drain, self._drain = self._drain, None
        if drain is not None:
            drain.close()

    @property
    def names_kept(self) -> int:
        """Of files that changed since `wait` ended."""
        kept = self._drain.kept if self._drain is not None else None
        return len(kept.files) if kept is not None and kept.files is not None else 0

    def _poll(self, stop: threading.Event) -> bool:
        first, self._first = self._first, False
        return not stop.wait(0.0 if first else max(self._poll_seconds, POLL_SHARE * self._took))

    def _until_told(self, stop: threading.Event, look_at: float | None) -> bool:
        if self._drain is None:
            self._begin()
            return not stop.is_set()  # what happened until now was told to nobody
        while not stop.is_set():
            left = float("inf") if look_at is None else look_at - time.monotonic()
            if left <= 0:
                return True
            if self._next(stop, min(SLICE_SECONDS, left)):
                self._let_git_end(stop)
                return not stop.is_set()
            if self._slept() or time.monotonic() - self._looked > LOOK_EVERY:
                return not stop.is_set()
        return False

    def _begin(self) -> None:
        """Start watching. If a folder disappears at this moment, try again."""
        from watchfiles._rust_notify import RustNotify

        for _ in range(TRIES):
            folders = self._folders()
            self._content, self._git = set(map(str, folders.content)), set(map(str, folders.git))
            try:
                notify = RustNotify(sorted(self._content | self._git), False, False, 0, False, True)
            except FileNotFoundError:
                continue
            except (OSError, RuntimeError):  # of which the text alone tells that there is a limit
                self._poll_instead(LIMITS)
            else:
                self._drain = Drain(notify, self._judged)
            return
        self._poll_instead("Folders come and go too fast to be watched.")

    def _poll_instead(self, because: str) -> None:
        self.polls = True
        self._say(f"{because} Files are checked every few seconds instead.")

    def _next(self, stop: threading.Event, seconds: float) -> bool:
        """Whether something was told of that matters; not, after a while without anything."""
        assert self._drain is not None
        told = self._drain.next(stop, seconds)
        if told is None:
            return False
        self.told = told.files
        if told.folders:
            self.close()
        return True

    def _judged(self, changed: set[str]) -> Told | None:
        paths = {path for path in changed if self._matters(path)}
        if not paths:
            return None
        if any(path in self._content or os.path.isdir(path) for path in paths):  # noqa: PTH112 - many, and texts
            return Told(None, folders=True)
        if len(paths) > MOST_TOLD or any(os.path.dirname(path) in self._git for path in paths):  # noqa: PTH120
            return Told(None)
        return Told(frozenset(paths))

    def _matters(self, path: str) -> bool:
        folder, name = os.path.split(path)
        return name in _IN_GIT if folder in self._git else name != GIT_FOLDER

    def _let_git_end(self, stop: threading.Event) -> None:
        locks = [os.path.join(folder, "index.lock") for folder in self._git]  # noqa: PTH118
        until = time.monotonic() + GIT_PAUSE
        while time.monotonic() < until and any(map(os.path.exists, locks)) and not stop.wait(STEP_MS / 1000):
            pass

    def _slept(self) -> bool:
        ahead = time.time() - time.monotonic()
        slept = ahead - self._ahead > SLEPT
        self._ahead = ahead
        return slept
