"""A command's options → an open index, as fresh as requested."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import wherein
from wherein.config.load import load_settings
from wherein.config.locations import project_root
from wherein.config.settings import Settings
from wherein.errors import RightMissing, StoreSilent
from wherein_server.cli.agree import agreed
from wherein_server.cli.known_as import view_name
from wherein_server.cli.log import log_to_standard_error
from wherein_server.cli.options import Common

if TYPE_CHECKING:
    from wherein import Index
    from wherein.status import Status


PATIENCE = 1.0
"""Seconds that a search waits for somebody else's update. A hook's update after a commit takes .2 s, and indexes what
would be searched for."""


def settings_for(common: Common, path: Path | None = None, *, tell: bool = True) -> Settings:
    """The settings for a repository. What its own file may not set is reported, unless the caller does that."""
    overrides = {"store": common.store, "offline": True if common.offline else None}
    settings = load_settings(_project(path, common), overrides)
    log_to_standard_error(settings.log_level)
    for warning in settings.warnings if tell else ():
        common.screen.note(warning)
    return settings


def _project(path: Path | None, common: Common) -> Path | None:
    """Where a repository's own file would be. None if the current folder is gone; whatever needs the folder says so."""
    try:
        return None if (folder := path or common.folder_if_any) is None else project_root(folder)
    except FileNotFoundError:
        return None


@contextmanager
def opened(
    common: Common, *, path: Path | None = None, view: str | None = None, settings: Settings | None = None
) -> Iterator["Index"]:
    """The index of the repository, or of what is below `path`."""
    settings = settings or settings_for(common, path)
    with wherein.open_index(path or common.folder, view=view, settings=settings) as index:
        if index.note:
            common.screen.note(index.note)
        yield index


def ask_first(index: "Index", *, yes: bool = False) -> None:
    """If a folder outside a repository is not indexed unasked, ask, or take `yes` for an answer; the answer is
    remembered. Raises NotAgreed if nobody can be asked."""
    try:
        index.may_index()
    except wherein.NotAgreed as error:
        if not yes:
            agreed(error)
        index.agree()


def refresh(index: "Index", common: Common, *, yes: bool = False, then_search: bool = False) -> None:
    """Bring the index up to date, with progress if it takes long; say so if somebody else is updating it.

    A user who may not write reads what others keep up to date.
    """
    from wherein_server.cli.progress import UpdateProgress

    if index.fixed or index.kept_by_others:
        return
    ask_first(index, yes=yes)
    try:
        with UpdateProgress(common.screen) as progress:
            report = index.update(progress, wait=PATIENCE, then_search=then_search)
            if report.busy and not index.is_indexed():
                if (view := _read_instead(index)) is not None:
                    common.screen.note(f"Another process is indexing this repository; {_from(view)}")
                    return
                progress.waiting()
                report = index.update(progress, wait=True)
    except wherein.StoreForbids as error:
        _read_only(index, common, error)
        return
    except StoreSilent:
        raise
    except (wherein.StoreUnreachable, wherein.NotARepository) as error:
        # a full disk, a folder that can only be read, patterns over which git does not come to an end
        if index.can_be_read():
            common.screen.note(f"{error.message} This answer is from the index as it was.")
        elif (view := _read_instead(index)) is not None:
            common.screen.note(f"{error.message} T{_from(view)[1:]}")
        else:
            raise
        return
    if report.renewed:
        common.screen.note("The index was made by another version of wherein; it was rebuilt.")
    if report.busy:
        common.screen.note(
            "Another process is indexing this repository; this answer is from what is indexed so far."
        )


def read_what_is_kept(index: "Index", common: Common) -> None:
    """If nothing of what is here is indexed, and this user may not index it, read what others keep up to date, as a
    search does, and say so. Nothing is indexed for it."""
    if index.fixed or not index.shared or index.is_indexed():
        return
    try:
        index.ask_to_write()
    except wherein.StoreForbids as error:
        _read_only(index, common, error)


def _read_only(index: "Index", common: Common, error: wherein.StoreForbids) -> None:
    if (view := _read_instead(index)) is not None:
        common.screen.note(f"The store can only be read from here: {_from(view)}")
        return
    raise (
        _nobody_indexed(index, wherein.IndexMissing) if isinstance(error, RightMissing) else error
    ) from error


def may_only_read(index: "Index") -> wherein.WhereinError:
    """What to tell a user who may not index, instead of the server's words: who may, and what can be searched
    meanwhile."""
    if (view := _read_instead(index)) is None:
        return _nobody_indexed(index, RightMissing)
    return RightMissing(
        f"This user may only read the store; a user with the role indexer, such as CI's, can index "
        f"{index.repository}, and {view_name(view)} can be searched now, as it was last indexed.",
        remedy="wherein search …",
    )


def _nobody_indexed(index: "Index", kind: type[wherein.WhereinError]) -> wherein.WhereinError:
    return kind(
        f"{index.repository} is not indexed in the store yet, and this user may only read there; a user with the "
        "role indexer, such as CI's, can index it.",
        remedy="ask the store's administrator who that is, or for that role",
    )


def status_of(index: "Index", common: Common, *, check: bool, counted: bool = False) -> "Status":
    """How fresh the index is; or that the disk cannot be looked at. With `counted`, the store is also asked for its
    size, and whether everything is there."""
    ask = index.status if counted else index.told
    if check:
        try:
            return ask(check=True)
        except wherein.NotARepository as error:
            common.screen.note(f"{error.message} How far behind the index is, is not known.")
    return ask(check=False)


def _from(view: str) -> str:
    return f"this answer is from {view_name(view)} as it was last indexed, without what differs on this disk."


def _read_instead(index: "Index") -> str | None:
    try:
        return index.read_instead()
    except wherein.WhereinError:
        return None
