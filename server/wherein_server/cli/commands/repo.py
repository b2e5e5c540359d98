"""`wherein repo`."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from wherein.errors import IndexMissing, StoreForbids
from wherein_server.cli import complete, jsonout
from wherein_server.cli.commands.refresh import command as refresh
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.known_as import (
    RepositoryName,
    meant,
    names_of,
    not_known,
    short_name,
    view_name,
    whole_names,
)
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, settings_for
from wherein_server.cli.wording import count, other_index, size

if TYPE_CHECKING:
    from wherein.naming.register import Register
    from wherein.store.open import IndexEntry
    from wherein.store.protocol import ViewRecord


@click.group(cls=Group, epilog=example("wherein repo list", "wherein repo remove github.com/acme/web"))
def command() -> None:
    """Show and remove the indexes that the store holds."""


command.add_command(refresh)


@command.command(name="list", epilog=example("wherein repo list"))
@common_options
def list_(common: Common) -> int:
    """List every indexed repository."""
    from wherein.naming.register import Register
    from wherein.store.open import list_indexes

    settings = settings_for(common)
    found = list_indexes(settings.data_dir, url=settings.store)
    if common.json:
        jsonout.print_json({"repositories": [_fields(each) for each in found]})
    elif not found:
        common.screen.note("Nothing is indexed in the store yet.")
    else:
        register = Register(settings.data_dir).as_it_is()
        for each, known_as in zip(found, names_of([each.repository for each in found]), strict=True):
            name = known_as or shown_name(str(each.path or ""))
            views = (_where(register, settings.store, each.repository, view) for view in each.views)
            state = shown_name(each.problem) or f"{', '.join(dict.fromkeys(views))}\t{_day(each.updated)}"
            common.screen.line(f"{name}\t{size(each.bytes)}\t{state}")
            for other in each.others:
                common.screen.line(f"{name}\talso {shown_name(other_index(other))}")
    return Exit.DONE if found else Exit.NOTHING_FOUND


@command.command(epilog=example("wherein repo views"))
@common_options
def views(common: Common) -> int:
    """List what is indexed of this repository: the files on disk, branches, and earlier states of these."""
    with opened(common) as index:
        found = index.views()
    if common.json:
        jsonout.print_json({"views": [_view(each) for each in found]})
    else:
        for each in found:
            commit = (each.commit or "")[:12] or "-"
            state = "" if each.complete else "\tnot finished"
            common.screen.line(
                f"{view_name(each.name)}\t{commit}\t{count(each.files, 'file')}\t{_day(each.updated)}{state}"
            )
    return Exit.DONE if found else Exit.NOTHING_FOUND


@command.command(epilog=example("wherein repo rollback 'main@{1}'", "wherein repo rollback"))
@click.argument("view", required=False, shell_complete=complete.views)
@common_options
def rollback(common: Common, view: str | None) -> int:
    """Take a branch's view back to what it showed before: VIEW is main@{1}, or a commit it was at.

    The next `wherein index --view` brings it to where the branch is. Without VIEW, in a shared store: take the
    whole index back to what it was before a `wherein index --force` of the last three days.
    """
    if view is None:
        with opened(common) as index:
            index.go_back()
        if common.json:
            jsonout.print_json({"restored": jsonout.readable(index.repository)})
        else:
            common.screen.line(
                f"The index of {shown_name(short_name(index.repository))} is back to what it was before."
            )
        return Exit.DONE
    with opened(common, view=view) as index:
        name, past = index.restore(), index.view
    if common.json:
        jsonout.print_json({"view": jsonout.readable(name), "restored": jsonout.readable(past)})
    else:
        common.screen.line(f"{view_name(name)} shows again what {view_name(past)} does.")
    return Exit.DONE


@command.command(epilog=example("wherein repo add", "wherein repo add github.com/acme/web"))
@click.argument("names", metavar="[NAME]...", type=RepositoryName(), nargs=-1)
@common_options
def add(common: Common, names: tuple[str, ...]) -> int:
    """Let a team index repositories in its Redis: NAMES, or the one you are in.

    Creates the search indexes, which users with the roles of `wherein redis acl` may not create, and adds the names
    to the tenant's list. A name may be a URL. Run it again after an update of wherein that asks for it, or when
    doctor says that the repository has outgrown its search index; what is stored is kept. It says whether a name is
    new to the store, so that a misspelt one is seen; `wherein repo remove` undoes it.
    """
    from wherein.opening import add_repository

    if not names:
        with opened(common) as index:
            names = (index.repository,)
    settings = settings_for(common)
    added, new = [], []
    for given, name in zip(names, whole_names(names, settings), strict=True):
        if name is None:
            common.screen.note(not_known(name := given, "what is added"))
        added.append(jsonout.readable(name))
        if add_repository(name, settings):
            new.append(jsonout.readable(name))
        if not common.json:
            was = "is new in the store" if added[-1] in new else "was in the store already"
            common.screen.line(
                f"{shown_name(name)} {was}. Users with that right can index it now (wherein redis acl)."
            )
    if common.json:
        jsonout.print_json({"added": added[0] if len(added) == 1 else added, "new": new})
    return Exit.DONE


@command.command(epilog=example("wherein repo remove github.com/acme/web"))
@click.argument("name", shell_complete=complete.repositories)
@common_options
def remove(common: Common, name: str) -> int:
    """Delete the index of the repository NAME (see `wherein repo list`)."""
    from wherein.indexing.belonging import forget
    from wherein.naming.claims import released
    from wherein.naming.register import Register
    from wherein.store.open import list_indexes, remove_index

    settings = settings_for(common)
    try:
        names = [each.repository for each in list_indexes(settings.data_dir, url=settings.store)]
    except StoreForbids:  # who was given one repository may not list them
        names = [name]
    name = meant(name, names)
    try:
        freed = remove_index(settings.data_dir, name, url=settings.store)
    except IndexMissing as error:
        raise IndexMissing(
            f"There is no index of a repository {name!r}{_meant(name, names)}", remedy="wherein repo list"
        ) from error
    forget(settings.data_dir, name)
    released(Register(settings.data_dir), settings.store, name)
    if common.json:
        jsonout.print_json({"removed": jsonout.readable(name), "bytes": freed})
    else:
        common.screen.line(f"Removed {shown_name(short_name(name))}; {size(freed)} freed.")
    return Exit.DONE


def _where(register: "Register", store: str | None, repository: str, view: str) -> str:
    """The folder of a view of what is on disk, where that is known; else what the view is called."""
    from wherein.naming.folders import folder_of

    folder = folder_of(register, store, repository, view) if view.startswith("worktree:") else None
    return view_name(view) if folder is None else shown_name(str(folder))


def _meant(name: str, names: Sequence[str]) -> str:
    """The end of a sentence on a name that is none: what it may be a part of, or a slip of."""
    import difflib

    parts = [each for each in names if name and name in each]
    near = parts if len(parts) == 1 else difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]}?" if near else "."


@command.command(epilog=example("wherein repo join", "wherein repo join github.com/acme/web"))
@click.argument("name", required=False, shell_complete=complete.repositories)
@click.option("--undo", is_flag=True, help="Undo what was said about this folder.")
@common_options
def join(common: Common, name: str | None, undo: bool) -> int:
    """Say which repository this folder is: NAME, or the one whose name it claims.

    A name belongs to the folder that used it first; another folder that claims it without sharing its history is
    indexed separately and left out of searches in all repositories. Given the name that it got then (see `wherein
    status`), it stays separate and is searched with the others.
    """
    with opened(common) as index:
        assert index.named is not None
        if undo:
            taken_back = index.named.leave()
            said = (
                "What was said about this folder is undone."
                if taken_back
                else "Nothing was said about this folder."
            )
        else:
            said = f"This folder is {shown_name(index.named.join(name))} now."
    if common.json:
        jsonout.print_json({"said": jsonout.readable(said)})
    else:
        common.screen.line(said)
    return Exit.DONE


def _view(record: "ViewRecord") -> dict[str, Any]:
    return {
        "view": jsonout.readable(record.name),
        "commit": record.commit,
        "files": record.files,
        "chunks": record.chunks,
        "complete": record.complete,
        "updated": record.updated,
    }


def _fields(entry: "IndexEntry") -> dict[str, Any]:
    return {
        "repository": jsonout.readable(entry.repository),
        "path": None if entry.path is None else jsonout.readable(str(entry.path)),
        "bytes": entry.bytes,
        "views": [jsonout.readable(view) for view in entry.views],
        "updated": entry.updated,
        "problem": jsonout.readable(entry.problem),
        "others": [asdict(each) for each in entry.others],
    }


def _day(updated: float | None) -> str:
    return "never" if updated is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(updated))
