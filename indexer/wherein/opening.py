"""From a path, or from what a store holds, to an index."""

import os
from collections.abc import Iterator
from pathlib import Path

from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein.config.settings import Settings
from wherein.git.source import SourceSettings, open_source
from wherein.index import Index
from wherein.store.open import list_indexes


def open_index(
    path: str | os.PathLike[str] = ".",
    *,
    store: str | None = None,
    view: str | None = None,
    settings: Settings | None = None,
) -> Index:
    """The index of the repository or folder at `path`; of what lies below it when it is a folder in a repository.

    `store` is a URL, `view` a branch, tag or commit; without them, the configured store and what is on disk. Nothing
    is written before `Index.update`. NotARepository, ConfigError.
    """
    settings = settings or load_settings(project_root(Path(path)))
    source = open_source(path, ref=view, name=settings.index.name, settings=_source_settings(settings))
    return Index(settings, store or settings.store, source.identity, source.view_name, source)


def open_stored(settings: Settings) -> Iterator[Index]:
    """The index of each repository on this machine, at its most recently updated view, as it was left: it can be
    searched but not updated, and nothing is compared with the disk."""
    for entry in list_indexes(settings.data_dir, url=settings.store):
        if entry.views:
            yield Index(settings, settings.store, entry.repository, entry.views[0], None)


def _source_settings(settings: Settings) -> SourceSettings:
    wanted = settings.index
    return SourceSettings(
        submodules=wanted.submodules,  # type: ignore[arg-type] # the setting is one of them
        max_file_bytes=wanted.max_file_size,
        include_generated=wanted.include_generated,
        include_vendored=wanted.include_vendored,
        exclude=wanted.exclude,
        stamp_cache=settings.data_dir / "stamps",
    )
