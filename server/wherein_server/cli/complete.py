"""What the shell completes: languages, kinds, files, names of views, repositories and definitions.

Whatever cannot be had completes nothing: a shell that waits for a key shows no error.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import CompletionItem

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

MOST_NAMES = 50
"""More are no help to read."""


def files(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Whatever the shell itself completes to a file."""
    return [CompletionItem(typed, type="file")]


def _of(names: Callable[[click.Context, str], Iterable[str]]) -> Completer:
    @wraps(names)
    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
        found: dict[str, None] = {}
        with suppress(Exception):  # what was found before is still worth offering
            for name in names(context, typed):
                if name.startswith(typed) and name.isprintable():
                    found[name] = None
        return [CompletionItem(name) for name in islice(found, MOST_NAMES)]

    return complete


def _languages(context: click.Context, typed: str) -> Iterable[str]:
    from wherein.languages import registry

    return registry.names()


def _kinds(context: click.Context, typed: str) -> Iterable[str]:
    from wherein.search.inline_filters import KINDS

    return KINDS


def _settings(context: click.Context, typed: str) -> Iterable[str]:
    from wherein.config.settings import all_settings

    return (key for key, setting in all_settings() if setting.in_files)


def _views(context: click.Context, typed: str) -> Iterable[str]:
    """Branches and tags that git has here, and views that the store has of them."""
    import wherein
    from wherein.config.load import load_settings
    from wherein.git.repository import find_repository
    from wherein.indexing.history import REF

    folder = _folder(context)
    repository = find_repository(folder)
    if repository is not None:
        listed = repository.git.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
        yield from listed.decode("utf-8", "replace").splitlines()
    settings = load_settings(folder, {"store": context.params.get("store")})
    with wherein.open_index(folder, settings=settings) as index:
        for record in index.views():
            if record.name.startswith(REF):
                yield record.name.removeprefix(REF)


def _repositories(context: click.Context, typed: str) -> Iterable[str]:
    from wherein.config.load import load_settings
    from wherein.store.open import list_indexes

    settings = load_settings(_folder(context), {"store": context.params.get("store")})
    return [entry.repository for entry in list_indexes(settings.data_dir, url=settings.store)]


def _symbols(context: click.Context, typed: str) -> Iterable[str]:
    import wherein

    if not typed:
        return []
    with wherein.open_index(_folder(context)) as index:
        hits = index.symbols(typed, limit=MOST_NAMES)
    return [name for hit in hits for name in (hit.symbol, hit.qualified_name) if name]


def _folder(context: click.Context) -> Path:
    from wherein.config.locations import project_root

    repo = context.params.get("repo")
    return repo if isinstance(repo, Path) else project_root(Path())


def places(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Names of definitions, and files."""
    return symbols(context, parameter, typed) or files(context, parameter, typed)


languages = _of(_languages)
kinds = _of(_kinds)
settings = _of(_settings)
views = _of(_views)
repositories = _of(_repositories)
symbols = _of(_symbols)
