"""What people call repositories and views, which a store keeps under unique names."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from wherein.errors import ConfigError, StoreForbids
from wherein_server.cli.sanitize import shown_name

if TYPE_CHECKING:
    from wherein.config.settings import Settings

    _Text = click.ParamType[str]
else:
    _Text = click.ParamType  # older ones take no argument

_FIRST_COMMIT = re.compile(r"(?<=.)@[0-9a-f]{8,12}\Z", re.DOTALL)
_VIEW = re.compile(
    r"(?:worktree:(?P<folder>.+)-[0-9a-f]{8}|ref:(?P<ref>.+?))"
    r"(?P<clone>:clone-[0-9a-f]{8})?(?::(?P<below>.+))?",
    re.DOTALL,
)


class RepositoryName(_Text):
    """An argument that names a repository as a store calls it, or by its URL."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """What it is called in a store."""
        from wherein.git.identity import identity_as_written

        return identity_as_written(value)


def short_name(repository: str) -> str:
    """A repository without the commit that tells it from others whose folder has its name."""
    return _FIRST_COMMIT.sub("", repository)


def names_of(repositories: Sequence[str]) -> list[str]:
    """Each, to be shown, as short as still tells it from the others."""
    alike = Counter(map(short_name, repositories))
    return [shown_name(short if alike[short := short_name(each)] == 1 else each) for each in repositories]


def meant(name: str, repositories: Sequence[str]) -> str:
    """The one that a name, whole or as it is shown, is of; the name itself where there is none, or more than one."""
    found = _called(name, repositories)
    return found[0] if len(found) == 1 else name


def _called(name: str, repositories: Sequence[str]) -> list[str]:
    """Those that a name may mean: the one that it is, or those whose short name it is."""
    return [name] if name in repositories else [each for each in repositories if short_name(each) == name]


def is_whole(name: str) -> bool:
    """Whether a name cannot be a shortened one: it has the path of a URL or of a folder, or a first commit."""
    return "/" in name or "\\" in name or short_name(name) != name


def whole_name(name: str, settings: "Settings") -> str | None:
    """What the store calls a repository that is named as lists show it. None if it has none of that name, or does not
    let this user list them; raises ConfigError if it has several, StoreUnreachable."""
    return whole_names([name], settings)[0]


def whole_names(names: Sequence[str], settings: "Settings") -> list[str | None]:
    """As `whole_name`, of each. The store is asked once, and only for names that may be shortened ones."""
    if all(map(is_whole, names)):
        return list(names)
    from wherein.store.open import list_indexes

    try:
        listed = [each.repository for each in list_indexes(settings.data_dir, url=settings.store)]
    except StoreForbids:  # who was given one repository
        listed = []
    return [name if is_whole(name) else _only_one_called(name, listed) for name in names]


def _only_one_called(name: str, repositories: Sequence[str]) -> str | None:
    found = _called(name, repositories)
    if len(found) > 1:
        several = ", ".join(map(shown_name, found))
        raise ConfigError(f"{shown_name(name)} may be any of {several}.", remedy="give its whole name")
    return found[0] if found else None


def not_known(name: str, what: str) -> str:
    """The note that `what` is done for a short name of which the store has no repository."""
    return (
        f"{shown_name(name)} is not known to the store: {what} is for a repository that has just this name, "
        "which `wherein status --json` tells in a clone."
    )


def view_name(view: str, *, branch: str | None = None) -> str:
    """A view, to be shown: a branch, or the files on disk, with the branch that is checked out where that is known."""
    match = _VIEW.fullmatch(view)
    if match is None:
        return shown_name(view)
    where = match["ref"] or (f"files on disk, {branch}" if branch else f"files on disk in {match['folder']}")
    below = f", below {match['below']}" if match["below"] else ""
    return shown_name(f"{where}{below}{' (of another clone)' if match['clone'] else ''}")
