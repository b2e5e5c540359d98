"""A repository with its worktrees, and indexes of it on every store, which must say what one made from nothing says."""

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wherein
from histories.steps import NAMES, STEPS, content, written
from wherein.config.load import load_settings

if TYPE_CHECKING:
    from histories.history import Step
    from wherein import Index

TICK = 0.012
"""Seconds between steps: the coarsest clock of a file system of Linux has ticked, so a ctime tells."""

URL = "https://example.org/team/project"

TRACES = ("fsmonitor-ran", "filter-ran")
"""What the commands leave that a history configures."""

Shown = dict[str, Any]


class World:
    """A folder with a repository in which steps happen. `stores` are URLs, None for the embedded one."""

    def __init__(self, folder: Path, stores: Sequence[str | None]) -> None:
        self.folder = folder
        self.main = folder / "project"
        self.library = folder / "library"
        self.root = self.main
        """the worktree in which the next step happens"""
        self._stores = stores
        self._scratch = 0

    @classmethod
    def made(cls, folder: Path, stores: Sequence[str | None]) -> "World":
        """A world at its beginning: two branches that differ."""
        drawn = random.Random(0)
        world = cls(folder, stores)
        for place, names in ((world.library, ("l.py", "sub/m.py")), (world.main, NAMES)):
            place.mkdir(parents=True)
            world.root = place
            world.git("init", "--quiet")
            for name in names:
                written(place / name, content(drawn))
            world.git("add", "--all")
            world.git("commit", "--quiet", "--message", "first")
        world.git("branch", "topic")
        for name in NAMES[:3]:
            written(world.main / name, content(drawn))
        world.git("commit", "--quiet", "--all", "--message", "second")
        world.git("config", "remote.origin.url", URL)
        return world

    def git(self, *arguments: str, given: bytes = b"") -> str:
        """What git says, also where it fails."""
        return self._git(self.root, arguments, given)

    def git_main(self, *arguments: str) -> str:
        """`git` in the main worktree."""
        return self._git(self.main, arguments, b"")

    @staticmethod
    def _git(folder: Path, arguments: Sequence[str], given: bytes) -> str:
        environment = {**os.environ, "GIT_EDITOR": "true"}
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            check=False,
        )
        return os.fsdecode(done.stdout)

    def play(self, steps: "Sequence[Step]") -> str:
        """Take the steps, with a check after each; what was wrong after which one, or nothing."""
        wrong = self.check()
        for number, (name, drawn) in enumerate(steps):
            if wrong:
                return wrong
            time.sleep(TICK)
            source = random.Random(drawn)
            places = self.worktrees()
            self.root = source.choice([self.main, *places])
            STEPS[name].work(self, source)
            if not self.main.exists():
                return ""
            wrong = self.check()
            wrong = wrong and f"after step {number}, {name} in {self.root.name}: {wrong}"
        return wrong

    def worktrees(self) -> list[Path]:
        """The linked ones that are there."""
        return [
            place for place in (self.folder / "linked", self.folder / "moved") if (place / ".git").exists()
        ]

    def check(self) -> str:
        """How an index that was brought up to date differs from one made from nothing, in every worktree."""
        for trace in TRACES:  # of the steps' own git
            (self.folder / trace).unlink(missing_ok=True)
        for place in (self.main, *self.worktrees()):
            expected = self._from_nothing(place)
            for store in self._stores:
                wrong = _difference(self._updated(place, store), expected)
                if wrong:
                    return f"{place.name}, {'embedded' if store is None else 'redis'}: {wrong}"
        if ran := [trace for trace in TRACES if (self.folder / trace).exists()]:
            return f"git ran what the repository configures: {ran}"
        return ""

    def _updated(self, place: Path, store: str | None) -> Shown:
        try:
            with self._opened(place, self.folder / "data", store) as index:
                index.update()
                if store is None and (behind := index.status().behind) != 0:
                    return {"error": f"{behind} behind after an update"}
                return shown(index)
        except wherein.WhereinError as error:
            return {"error": error.message}

    def _from_nothing(self, place: Path) -> Shown:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="scratch-") as scratch:
            try:
                with self._opened(place, Path(scratch), None) as index:
                    index.update()
                    return shown(index)
            except wherein.WhereinError as error:
                return {"error": error.message}

    @staticmethod
    def _opened(place: Path, data: Path, store: str | None) -> "Index":
        settings = replace(load_settings(place), data_dir=data)
        return wherein.open_index(place, store=store, settings=settings)


def shown(index: "Index") -> Shown:
    """All that an index says of its view."""
    store, seen = index._open(), index._listing
    assert seen is not None
    found: Shown = {
        "files": index.files(),
        # as `Index.skipped` says it, but for what git ignores, which nothing remembers, and without another look
        "skipped": {path: str(reason) for path, reason in seen.skipped.items()}
        | store.skipped_files(index.view),
        "commit": index.status(check=False).commit,
    }
    names: set[str] = set()
    for path in sorted(found["files"]):
        chunks = store.chunks_of(index.view, [path])[path]
        texts = store.texts([chunk.id for chunk in chunks])
        names |= {chunk.symbol for chunk in chunks if chunk.symbol}
        found[f"chunks of {path}"] = [
            (chunk.start_line, chunk.end_line, chunk.language, chunk.kind, chunk.symbol, text)
            for chunk, text in zip(chunks, texts, strict=True)
        ]
    for query in ("return given", *sorted(names)[:1]):
        found[f"answers to {query}"] = sorted(
            (hit.path, hit.start_line, hit.text) for hit in index.search(query, limit=100)
        )
        found[f"symbols like {query}"] = sorted(
            (hit.path, hit.start_line) for hit in index.symbols(query, exact=True)
        )
    return found


def _difference(updated: Shown, expected: Shown) -> str:
    for key in dict.fromkeys([*updated, *expected]):
        if updated.get(key) != expected.get(key):
            return f"{key}: {updated.get(key)!r}\n  from nothing: {expected.get(key)!r}"
    return ""
