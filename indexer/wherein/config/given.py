"""Settings given in words, on a command line, to be written to a file."""

import tomllib
from collections.abc import Mapping, Sequence

from wherein.config.load import checked
from wherein.config.settings import Settings, all_settings
from wherein.errors import ConfigError

MEMBER_OF = 2
"""Parts of the key of a table, whose members have one more: `search.ranking.words`."""


def value_for_file(key: str, words: Sequence[str]) -> object:
    """What a file holds for a setting, or for a member of a table, that is given in words: TOML, or plain text; several
    are a list. Raises ConfigError, in the words for a file, where that cannot be."""
    setting, member = _taken_apart(key)
    known = dict(all_settings()).get(setting)
    if known is not None and not known.in_files:
        raise ConfigError(f"{key} is read from the environment only.", remedy=f"set {known.environment}")
    problems: list[ConfigError] = []
    for value in _readings(setting, words):
        try:
            read = checked(setting, {member: value} if member else value)
        except ConfigError as problem:
            problems.append(problem)
            continue
        # `yes` and `20` are written as what they mean, paths and patterns as they were given
        return read if isinstance(read, bool | int | float) else value
    raise problems[0]


def _taken_apart(key: str) -> tuple[str, str]:
    """The key of a setting; and which member of its table is meant, or nothing."""
    if key in dict(all_settings()):
        return key, ""
    *parts, member = key.split(".", MEMBER_OF)
    table = ".".join(parts)
    if table in dict(all_settings()) and isinstance(Settings().value(table), Mapping) and member:
        return table, member
    return key, ""


def _readings(setting: str, words: Sequence[str]) -> list[object]:
    """What words may mean, the likeliest first."""
    is_list = setting in dict(all_settings()) and isinstance(Settings().value(setting), tuple)
    if len(words) != 1:
        return [list(words)] if is_list else [" ".join(words)]
    word = words[0]
    try:
        read = tomllib.loads(f"value = {word}")
    except (ValueError, RecursionError):
        read = {}
    toml = [read["value"]] if read.keys() == {"value"} else []
    return [*toml, [word] if is_list else word]
