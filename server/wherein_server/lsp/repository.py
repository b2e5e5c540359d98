"""One worktree or folder that is open in the editor: its index, opened for reading, in the server's process."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein.config.settings import Settings
from wherein.errors import ConfigError, IndexIncompatible, NotIndexed, StoreUnreachable
from wherein_server.lsp.uris import below, is_elsewhere, of_windows, to_path, to_uri

if TYPE_CHECKING:
    from wherein import Index

T = TypeVar("T")

WARMING_QUERY = "warm up"

_log = logging.getLogger(__name__)


class Repository:
    """Reads one index. May be used from several threads; its methods may wait for the disk."""

    def __init__(self, place: Path, overrides: Mapping[str, object], *, restricted: bool = False) -> None:
        self.place = place
        """the repository's root as the editor spells it, or the folder itself"""
        self.overrides = overrides
        """settings of the editor, by dotted key"""
        self._restricted = restricted
        """whether its own settings do not count"""
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._settings: Settings | None = None
        self._shown: tuple[Path | None, Path] = None, place
        """the index's root, and how the editor spells it"""

    @property
    def name(self) -> str:
        """To show to people."""
        return self.place.name or str(self.place)

    @property
    def settings(self) -> Settings:
        """All settings, resolved. Raises ConfigError."""
        if self._settings is None:
            own = None if self._restricted else project_root(self.place)
            self._settings = load_settings(own, self.overrides)
            for warning in self._settings.warnings:
                _log.warning("%s", warning)
        return self._settings

    def reading(self, work: Callable[["Index"], T]) -> T:
        """What `work` returns for the index. An index that cannot be used is opened again next time. Of a file that is
        not in it, the ConfigError says why: whoever is in an editor has no terminal at hand to ask."""
        for _ in range(2):
            index = self._open()
            try:
                return _telling_why(index, work)
            except (StoreUnreachable, IndexIncompatible):
                with self._lock:
                    taken_away = self._index is not index
                if not taken_away:
                    self.close()
                    raise
        return _telling_why(self._open(), work)

    def agree(self) -> None:
        """Record that the user wants the folder indexed, although it is in no repository."""
        self.reading(lambda index: index.agree())

    def prepare(self) -> None:
        """Read the settings, so that asking for one never waits. Raises ConfigError."""
        _ = self.settings

    def reconfigure(self, overrides: Mapping[str, object]) -> None:
        """Read the settings again, with these from the editor."""
        self.overrides = overrides
        self.close()
        self._settings = None
        self.prepare()

    def renew(self) -> bool:
        """Open the index again if its name has changed: its first commit, or another `origin`, makes a repository
        another one to the store. Returns False if nothing is indexed under the new name yet; until then, the old index
        answers."""
        import wherein

        fresh = wherein.open_index(self.place, settings=self.settings)
        with self._lock:
            old = self._index
            same = old is not None and (old.repository, old.view) == (fresh.repository, fresh.view)
            early = old is not None and not same and not fresh.is_indexed()
            keep = same or early
            if not keep:
                self._index = fresh
        unused = fresh if keep else old
        if unused is not None:
            unused.close()
        return not early

    def warm(self) -> None:
        """Load what searches keep in memory, so that the next one need not."""
        self.reading(lambda index: index.search(WARMING_QUERY, limit=1, look=False))

    def close(self) -> None:
        """Close the index; the next read opens it again."""
        with self._lock:
            index, self._index = self._index, None
        if index is not None:
            index.close()

    def uri(self, path: str) -> str:
        """The URI of a path of the index, spelt as the editor spells the root."""
        return to_uri(below(self._shown_root(), path))

    def path(self, uri: str) -> str:
        """The path in the index for a document's URI. Raises ConfigError if it is outside."""
        from wherein.git.paths import repository_path

        root = self.reading(lambda index: index.root) or self.place
        return repository_path(root, Path(to_path(uri)))

    def _shown_root(self) -> Path:
        root = self.reading(lambda index: index.root)
        known, shown = self._shown
        if root is None or root == known:
            return shown
        same = os.path.realpath(self.place) == os.path.realpath(root)
        self._shown = root, self.place if same else root
        return self._shown[1]

    def _open(self) -> "Index":
        import wherein

        with self._lock:
            if self._index is None:
                self._index = wherein.open_index(self.place, settings=self.settings)
                if self._index.note:
                    _log.warning("%s", self._index.note)
            return self._index


def place_of(folder: Path) -> Path:
    """What is indexed for a folder of the workspace: the repository that it is in, as for `wherein search`; but only
    the folder itself if that repository is the home folder, which people version without meaning everything in it."""
    if not folder.is_dir():
        if is_elsewhere(folder):
            raise of_windows(folder)
        raise ConfigError(f"{folder} is not a folder.", remedy="open a folder that exists")
    root = project_root(folder)
    return folder if root == Path.home() else root


def _telling_why(index: "Index", work: Callable[["Index"], T]) -> T:
    try:
        return work(index)
    except NotIndexed as problem:
        raise ConfigError(index.why(problem.path)) from problem
