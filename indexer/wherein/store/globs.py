"""Which paths a filter lets through: patterns as in .gitignore."""

from collections.abc import Callable, Sequence

from wherein.errors import ConfigError


def path_matcher(paths: Sequence[str], exclude: Sequence[str]) -> Callable[[str], bool] | None:
    """A predicate on POSIX paths: one of `paths` matches (if there are any) and none of `exclude` does.

    None where every path passes. Blank patterns say nothing and are left out; a leading `./` is dropped.
    Raises ConfigError for a pattern that git would not understand either.
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
    from pathspec import GitIgnoreSpec  # only where a filter needs it: 10 ms of start-up

    try:
        return GitIgnoreSpec.from_lines(lines).match_file
    except ValueError as error:
        raise ConfigError(
            f"A path pattern cannot be read: {error}.", remedy="see `git help ignore`"
        ) from error
