"""Readers of single values: each takes what TOML, the environment or a flag gave, and returns it typed.

A value that cannot be used raises ValueError with the end of a sentence: `must be …`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from wherein.errors import ConfigError

T = TypeVar("T")

LONGEST_TEXT = 1_000
"""Characters of a name, a URL or a pattern."""

LARGEST_WEIGHT = 1_000
"""A step that weighs a thousand times what it comes with decides alone."""

LARGEST_PRICE = 1_000_000

MOST_NAMED = 3
"""Members of a list or table that a warning names; the others are counted."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


class PartlyUsable(ValueError):
    """Of a list or table some members cannot be used; `rest` is what can."""

    def __init__(self, problems: Sequence[str], rest: object) -> None:
        more = f" and {len(problems) - MOST_NAMED:,} more" if len(problems) > MOST_NAMED else ""
        super().__init__(f"holds {', '.join(problems[:MOST_NAMED])}{more}")
        self.rest = rest


def text(value: object) -> str:
    """A string with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a non-empty string")
    if "\0" in value:
        raise ValueError("must not hold NUL characters")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT:,} characters")
    return value.strip()


def store(value: object) -> str:
    """The URL of a store, as far as any URL can be taken apart; what it names is the store's to say."""
    given = text(value)
    if "%00" in given:
        raise ValueError("must be a URL such as sqlite:///folder or redis://host:6379")
    return given


def url(value: object) -> str:
    """The URL of a server, without the slash at its end."""
    given = text(value)
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in given):
        raise ValueError("must be a URL such as http://127.0.0.1:8080/v1")
    if parts.query or parts.fragment:
        raise ValueError("must be a URL without ? and #")
    return given.rstrip("/")


def model_or_none(value: object) -> str | None:
    """The name of a model; `none` is no model, so that the environment can say that, too."""
    given = text(value)
    return None if given == "none" else given


def device(value: object) -> str:
    """Where a model runs, as torch calls it."""
    word = value.strip().lower() if isinstance(value, str) else ""
    name, _, number = word.partition(":")
    if name not in ("auto", "cpu", "cuda", "mps", "xpu") or not (number.isdigit() or word == name):
        raise ValueError("must be auto, cpu, cuda, mps, xpu, or one such as cuda:1")
    return word


def prefix(value: object) -> str:
    """A text as it is, blanks at its end and all; it may be empty."""
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
        raise ValueError(f"must be a string of at most {LONGEST_TEXT:,} characters")
    return value


def price(value: object) -> float:
    """An amount of money, of any currency."""
    try:
        amount = float(value) if isinstance(value, int | float | str) and value is not True else -1.0
    except ValueError:
        amount = -1.0
    if not 0 <= amount <= LARGEST_PRICE:
        raise ValueError(f"must be a number from 0 to {LARGEST_PRICE:,}")
    return amount


def folder(value: object) -> Path:
    """An absolute path, or one that begins with `~`."""
    path = value if isinstance(value, Path) else Path(text(value))
    try:
        path = path.expanduser()
    except RuntimeError as error:  # no such user
        raise ValueError(f"must name a home folder that exists: {error}") from None
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


def switch(value: object) -> bool:
    """True or false; the environment's `1`, `yes`, `on` and their opposites too."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("must be true or false")


def whole(least: int, most: int) -> Callable[[object], int]:
    """A whole number between the two, both included."""

    def read(value: object) -> int:
        number = value
        if isinstance(value, str) and value.strip().removeprefix("-").isascii():
            number = int(value) if value.strip().removeprefix("-").isdigit() and len(value) < 20 else None
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least:,} to {most:,}")
        return number

    return read


def one_of(*choices: str) -> Callable[[object], str]:
    """One of a few words, in any case."""

    def read(value: object) -> str:
        word = value.strip().lower() if isinstance(value, str) else ""
        if word not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return word

    return read


def globs(value: object) -> tuple[str, ...]:
    """A list of patterns as in .gitignore. Raises PartlyUsable if some of them are none."""
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise ValueError('must be a list of patterns, such as ["docs/old/"]')
    from wherein.globs import MOST_WILDCARDS, Globs, problem

    problems: list[str] = []
    good: list[str] = []
    for each in value:
        try:
            pattern = text(each)
            if wrong := problem(pattern):
                raise ValueError(f"is not a pattern: {wrong}")
            good.append(pattern)
        except ValueError as error:
            problems.append(f"{_named(each)}, which {error}")
    while (left_out := Globs(good).left_out) > 0:
        problems += [f"more than {MOST_WILDCARDS:,} bytes of patterns with wildcards"]
        good = good[:-left_out]
    return _whole_or_part(problems, tuple(good))


def languages(value: object) -> Mapping[str, str]:
    """Extension, with or without its dot → name or alias of a language. The answer has the dots and the names. Raises
    PartlyUsable."""
    if not isinstance(value, Mapping):
        raise ValueError('must be a table of extensions, such as { ".inc" = "php" }')
    from wherein.languages import registry

    problems: list[str] = []
    good: dict[str, str] = {}
    for extension, name in value.items():
        try:
            good["." + text(extension).lstrip(".").lower()] = registry.resolve(text(name))
        except ValueError as error:
            problems.append(f"{_named(extension)}, which {error}")
        except ConfigError:
            problems.append(f"{_named(name)}, which is not a language that wherein knows")
    return _whole_or_part(problems, good)


def weights(value: object) -> Mapping[str, float]:
    """Name → number of reasonable size. Raises PartlyUsable."""
    if not isinstance(value, Mapping):
        raise ValueError("must be a table of numbers")
    problems: list[str] = []
    good: dict[str, float] = {}
    for name, number in value.items():
        if (
            isinstance(number, int | float)
            and not isinstance(number, bool)
            and -LARGEST_WEIGHT <= number <= LARGEST_WEIGHT
        ):
            good[str(name)] = float(number)
        else:
            problems.append(
                f"{_named(name)}, which must be a number from -{LARGEST_WEIGHT:,} to {LARGEST_WEIGHT:,}"
            )
    return _whole_or_part(problems, good)


def _whole_or_part(problems: Sequence[str], good: T) -> T:
    if problems:
        raise PartlyUsable(problems, good)
    return good


def _named(value: object) -> str:
    return f"{value[:80]!r}" if isinstance(value, str) else "something that is not a string"
