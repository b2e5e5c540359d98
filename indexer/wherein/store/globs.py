"""Which paths a filter lets through: patterns as in .gitignore."""

from collections.abc import Callable, Sequence

from wherein.errors import ConfigError
from wherein.globs import MOST_WILDCARDS, Globs, problem
from wherein.one_form import one_form
from wherein.remembered import Remembered
from wherein.scopes import path_in
from wherein.store.protocol import Filters

REMEDY = "write it as in .gitignore: '*.py', 'src/**'"

FOLDERS_KEPT = 10_000
"""Folders of which is remembered whether a filter lets all in them through."""


def path_filter(filters: Filters) -> Callable[[str], bool] | None:
    """A predicate on POSIX paths, of all that filters say of them; None if every path passes."""
    matches, may_hold = path_matcher(filters.paths, filters.exclude), path_in(filters.scopes)
    if matches is None or may_hold is None:
        return matches or may_hold
    return lambda path: matches(path) and may_hold(path)


def path_matcher(paths: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool] | None:
    """A predicate on POSIX paths: one of `paths` matches (if there are any) and none of `exclude` does.

    None if every path passes. Blank patterns say nothing and are left out; a leading `./` is dropped. Letters with
    accents are the same however they are written. Raises ConfigError for a pattern that git would not understand
    either.
    """
    wanted, unwanted = _spec(paths), _spec(exclude)
    if wanted and unwanted:
        return lambda path: wanted(path) and not unwanted(path)
    if unwanted:
        return lambda path: not unwanted(path)
    return wanted


def _spec(patterns: Sequence[str]) -> Callable[[str], bool] | None:
    lines = [pattern.removeprefix("./") for pattern in patterns if pattern.strip() not in ("", ".", "./")]
    if not lines:
        return None
    for line in lines:
        if wrong := problem(line):
            raise ConfigError(f"The path pattern {line!r} cannot be used: {wrong}.", remedy=REMEDY)
    globs = Globs(map(one_form, lines))
    if globs.left_out:
        raise ConfigError(f"The path patterns with wildcards add up to more than {MOST_WILDCARDS:,} bytes.")

    def chosen(path: str, folder: bool) -> bool:
        index = globs.last(one_form(path), folder=folder)
        return index is not None and index not in globs.negated

    def lies_in_chosen(folder: str) -> bool:
        places = [place for place, character in enumerate(folder) if character == "/"] + [len(folder)]
        return bool(folder) and any(chosen(folder[:place], True) for place in places)

    folders = Remembered(lies_in_chosen, FOLDERS_KEPT)
    return lambda path: folders[path.rpartition("/")[0]] or chosen(path, False)
