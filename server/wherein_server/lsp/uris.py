"""Paths ↔ file URIs. Pure functions of a path's flavour, so that what Windows needs is tested everywhere."""

import os
import re
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import unquote_to_bytes, urlsplit

from wherein.errors import ConfigError

_DRIVE = re.compile(r"/[A-Za-z][:|]")


def to_uri(path: PurePath) -> str:
    """The URI of an absolute path; bytes that are no UTF-8 are percent-encoded as they are."""
    return path.as_uri()


def to_path(uri: object, flavour: type[PurePath] = Path) -> PurePath:
    """The absolute path of a `file:` URI, however its client encodes it. ConfigError for any other."""
    if not isinstance(uri, str) or not uri:
        raise ConfigError("A document's URI is a text such as file:///home/me/a.py.")
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError as error:
        raise ConfigError(f"{uri[:200]!r} is no URI: {error}.") from None
    if parts.scheme.lower() != "file":
        raise ConfigError(f"{uri[:200]} is no file on disk, so it is not in the index.")
    windows = issubclass(flavour, PureWindowsPath)
    raw = unquote_to_bytes(parts.path)
    if b"\0" in raw:
        raise ConfigError(f"{uri[:200]!r} names no file.")
    text = raw.decode("utf-8", "replace") if windows else os.fsdecode(raw)
    if windows:
        if host and host != "localhost":
            text = f"//{host}{text}"
        elif _DRIVE.match(text):
            text = text[1:2].upper() + ":" + text[3:]
    path = flavour(text)
    if not path.is_absolute():
        raise ConfigError(f"{uri[:200]!r} names no file of this machine.")
    return path


def below(root: PurePath, path: str) -> PurePath:
    """A path of the index (POSIX, relative) below its root."""
    return root.joinpath(*PurePosixPath(path).parts)
