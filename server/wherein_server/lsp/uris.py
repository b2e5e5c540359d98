"""Paths ↔ file URIs. Pure functions of a path's flavour, so Windows' rules are tested everywhere."""

import os
import re
import tomllib
from functools import cache
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from wherein.errors import ConfigError
from wherein.packaged import files

_DRIVE = re.compile(r"/[A-Za-z][:|](?=/|\Z)")
_PLACE = re.compile(r"#(?:L\d+(?:-L?\d+)?|\d+(?:,\d+)?)\Z")
"""A line behind the name, as links have it. Any other `#` belongs to the name: some clients do not encode it."""

LONGEST = 200
"""Characters of a URI in a message."""


def to_uri(path: PurePath) -> str:
    """The URI of an absolute path; bytes that are no UTF-8 are percent-encoded as they are."""
    return path.as_uri()


def to_path(uri: object, flavour: type[PurePath] = Path) -> PurePath:
    """The absolute path of a `file:` URI, however its client encodes it. Raises ConfigError for any other."""
    if not isinstance(uri, str) or not uri:
        raise ConfigError(
            "A document's URI must be a string such as file:///home/me/a.py.",
            remedy="open a file in a folder that is open",
        )
    try:
        parts = urlsplit(_PLACE.sub("", uri), allow_fragments=False)
        host = parts.hostname or ""
    except ValueError as error:
        raise ConfigError(f"{uri[:LONGEST]!r} is not a URI: {error}.", remedy=_other().remedy) from None
    if parts.scheme.lower() != "file":
        kind = _kinds().get(parts.scheme.lower(), _other())
        raise ConfigError(kind.sentence.format(uri=uri[:LONGEST]), remedy=kind.remedy)
    windows = issubclass(flavour, PureWindowsPath)
    named = (
        parts.path if not parts.query else f"{parts.path}?{parts.query}"
    )  # of a client that does not encode it
    raw = unquote_to_bytes(named)
    if b"\0" in raw:
        raise ConfigError(f"{uri[:LONGEST]!r} does not name a file.", remedy=_other().remedy)
    text = raw.decode("utf-8", "replace") if windows else os.fsdecode(raw)
    if windows:
        if host and host != "localhost":
            text = f"//{host}{text}"
        elif _DRIVE.match(text):
            text = text[1:2].upper() + ":" + text[3:]
    path = flavour(text)
    if not path.is_absolute():
        raise ConfigError(f"{uri[:LONGEST]!r} does not name a file on this machine.", remedy=_other().remedy)
    return path


class _Kind(NamedTuple):
    sentence: str
    remedy: str


@cache
def _kinds() -> dict[str, _Kind]:
    return {
        scheme: _Kind(each["sentence"], each["remedy"])
        for each in _table()["kinds"]
        for scheme in each["schemes"]
    }


@cache
def _other() -> _Kind:
    return _Kind(**_table()["other"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("wherein_server.lsp").joinpath("schemes.toml").read_text("utf-8"))


def is_elsewhere(path: PurePath) -> bool:
    """Whether a path of this system begins with a drive of Windows: its editor runs there."""
    return not isinstance(path, PureWindowsPath) and _DRIVE.match(str(path)) is not None


def of_windows(path: PurePath) -> ConfigError:
    """What is said of such a path."""
    return ConfigError(
        f"{str(path)[1:]} is a Windows file, and wherein is running on another system.",
        remedy="open the folder where wherein runs (WSL, SSH, a container), or run wherein on Windows",
    )


def below(root: PurePath, path: str) -> PurePath:
    """A path of the index (POSIX, relative) below its root."""
    return root.joinpath(*PurePosixPath(path).parts)
