"""Readers of single values: each takes what TOML, the environment or a flag gave and returns it typed.

A value that cannot be used raises ValueError with the end of a sentence: `must be …`.
"""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def text(value: object) -> str:
    """A string with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a non-empty string")
    if "\0" in value:
        raise ValueError("must not hold NUL characters")
    return value.strip()


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


def folder(value: object) -> Path:
    """An absolute path, or one that begins with `~`."""
    path = value if isinstance(value, Path) else Path(text(value))
    try:
        path = path.expanduser()
    except RuntimeError as error:  # no such user
        raise ValueError(f"must be a folder that exists for you: {error}") from None
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
    """A list of patterns as in .gitignore."""
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise ValueError('must be a list of patterns, such as ["docs/old/"]')
    return tuple(text(pattern) for pattern in value)


def languages(value: object) -> Mapping[str, str]:
    """Extension, with or without its dot → name of a language. The answer's extensions have the dot."""
    if not isinstance(value, Mapping):
        raise ValueError('must be a table of extensions, such as { ".inc" = "php" }')
    return {
        "." + text(extension).lstrip(".").lower(): text(name).lower() for extension, name in value.items()
    }


def weights(value: object) -> Mapping[str, float]:
    """Name → finite number."""
    if not isinstance(value, Mapping):
        raise ValueError("must be a table of numbers")
    for name, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise ValueError(f"must hold finite numbers only, and {name} is none")
    return {str(name): float(number) for name, number in value.items()}
