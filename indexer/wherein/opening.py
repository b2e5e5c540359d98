"""Opens an index: of a path, or of what a store holds."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wherein import private
from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein.config.settings import Settings
from wherein.errors import ConfigError, IndexIncompatible, IndexMissing, IndexOutdated
from wherein.git.identity import ref_view
from wherein.git.open import open_source
from wherein.git.source import Source, SourceSettings
from wherein.index import Index
from wherein.indexing.belonging import FOLDER
from wherein.indexing.history import find, is_commit, present_view, speaks_of_the_past
from wherein.naming.claims import is_disputed, looks_like_anothers, marked, of_whom_it_belongs_to
from wherein.naming.folders import folder_of
from wherein.naming.named import give_name
from wherein.naming.register import Register
from wherein.quick_dataclass import dataclass
from wherein.store.open import add_index, list_indexes, survey_of

if TYPE_CHECKING:
    from wherein.store.sqlite.location import Listed


def open_index(
    path: str | os.PathLike[str] = ".",
    *,
    store: str | None = None,
    view: str | None = None,
    settings: Settings | None = None,
) -> Index:
    """Open the index of the repository or folder at `path`. A folder inside a repository gives the part of the index
    below it.

    `store` is the URL of a store; by default, the configured one. `view` is a branch, tag or commit; by default, the
    files on disk. A view that only the store knows (`main@{1}`, the state before the last one; a branch of another
    clone) can be searched, but not updated. Nothing is written before `Index.update`.

    Raises NotARepository, ConfigError, and IndexMissing for an earlier state that the store does not have.
    """
    settings = settings or load_settings(project_root(Path(path)))
    url = store or settings.store
    private.mend(settings.data_dir)
    if view is not None and speaks_of_the_past(view):
        return _open_past(path, view, url, settings)
    if view is not None and is_commit(view) and (stored := _stored(path, view, url, settings)) is not None:
        return stored  # a commit never changes
    try:
        source, refused = _source(path, view, settings)
    except (
        ConfigError
    ):  # git does not know it here; the store may: from another clone, or of a commit that is gone
        if view is None or (found := _find(path, view, url, settings)) is None:
            raise
        return found
    named = give_name(source, settings, url, refused)
    return Index(settings, url, source.identity, source.view_name, source, named)


def _source(path: str | os.PathLike[str], ref: str | None, settings: Settings) -> tuple[Source, str]:
    """The files; and the name that the repository's own settings claim but may not have, or an empty string."""
    name, wanted = settings.index.name, _source_settings(settings)
    source = open_source(path, ref=ref, name=name, settings=wanted)
    if name is None or settings.origin("index.name").source != "project":
        return source, ""
    if not looks_like_anothers(name, source.clone):
        return source, ""
    source.close()
    return open_source(path, ref=ref, settings=wanted), name


def _stored(path: str | os.PathLike[str], commit: str, url: str | None, settings: Settings) -> Index | None:
    """The index at a commit that the store has. None if another version of wherein made it, so that it can be made
    again from git."""
    try:
        return _find(path, commit, url, settings)
    except IndexIncompatible:
        return None


def _open_past(path: str | os.PathLike[str], view: str, url: str | None, settings: Settings) -> Index:
    found = _find(path, view, url, settings)
    if found is None:
        raise IndexMissing(f"The store has no view {view!r} of this repository.", remedy="wherein repo views")
    return found


def _find(path: str | os.PathLike[str], view: str, url: str | None, settings: Settings) -> Index | None:
    """The index at a view that the store has, whether or not git knows the view here."""
    source, refused = _source(path, None, settings)
    source.close()
    named = give_name(source, settings, url, refused)
    with Index(settings, url, source.identity, source.view_name, None) as any_view:
        try:
            name = find(any_view.views(), view, marked("", named.claim.mark, source.prefix))
        except IndexOutdated:
            raise
        except IndexMissing:
            return None
    return None if name is None else Index(settings, url, source.identity, name, None, named)


def open_view(settings: Settings, repository: str, ref: str) -> Index:
    """Open a repository's index in a store, at the view of a branch that was indexed there. Nothing of the repository
    need be on this machine, and the index cannot be updated. The caller closes it."""
    return Index(settings, settings.store, repository, ref_view(ref, ""), None)


def open_stored(settings: Settings, terms: Sequence[str] = ()) -> Iterator[Index]:
    """Open each repository's index on this machine, at its most recently updated view. They can be searched but not
    updated, and nothing is compared with the disk. The caller closes each.

    On a server, all indexes are read together, along with how many chunks of each hold the `terms`.
    """
    yield from stored(settings, terms).indexes


@dataclass(frozen=True, slots=True)
class Stored:
    """The repositories of a store, as `open_stored` yields them."""

    indexes: list[Index]
    disputed: list[str]
    """repositories that are left out because each claims another one's name"""
    unreadable: list[str]
    """why other files of this machine are not listed as repositories, one sentence each"""


def stored(settings: Settings, terms: Sequence[str] = (), listed: "Listed | None" = None) -> Stored:
    """As `open_stored`, with what was left out; `listed` as for `list_indexes`."""
    register = Register(settings.data_dir).as_it_is()
    survey = survey_of(settings.store, terms)
    found = Stored([], [], [])
    entries = (
        survey.entries
        if survey is not None
        else list_indexes(settings.data_dir, url=settings.store, listed=listed)
    )
    for entry in entries:
        if survey is None and entry.problem and not entry.views:
            found.unreadable.append(entry.problem)
            continue
        if is_disputed(register, settings.store, entry.repository):
            found.disputed.append(entry.repository)
            continue
        present = of_whom_it_belongs_to(
            register,
            settings.store,
            entry.repository,
            [view for view in entry.views if present_view(view) is None],
        )
        if present:
            folder = folder_of(register, settings.store, entry.repository, present[0])
            found.indexes.append(
                Index(
                    *(settings, settings.store, entry.repository, present[0], None),
                    seen_in=folder,
                    survey=survey,
                )
            )
    if survey is not None:
        survey.close()  # the indexes hold it
    return found


def add_repository(name: str, settings: Settings) -> bool:
    """Let those who may write to a repository index it in a shared store: create its search indexes and add it to the
    list. What is there is kept. Returns whether the list lacked it.

    Raises ConfigError for any other store, StoreForbids without the right.
    """
    from wherein.embedding.open import open_embedder
    from wherein.made_with import header

    embedder = open_embedder(settings.model)
    return add_index(settings.store, name, header(embedder.model_id, embedder.dimension))


def _source_settings(settings: Settings) -> SourceSettings:
    wanted = settings.index
    return SourceSettings(
        submodules=wanted.submodules,  # type: ignore[arg-type] # the setting is one of them
        max_file_bytes=wanted.max_file_size,
        include_generated=wanted.include_generated,
        include_vendored=wanted.include_vendored,
        include_secrets=wanted.include_secrets,
        exclude=wanted.exclude,
        stamp_cache=settings.data_dir / FOLDER,
        data_dir=settings.data_dir,
    )
