"""The ids of contents, as git computes them, computed by us from the bytes."""

import hashlib

from wherein.git.stamps import Ids

_LONG = 64
"""Characters of an id in a repository with SHA-256 ids."""


def blob_id(data: bytes, *, sha256: bool = False) -> str:
    """The id of these very bytes."""
    head = b"blob %d\0" % len(data)
    if sha256:
        return hashlib.sha256(head + data).hexdigest()
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def ids_of(data: bytes, *, sha256: bool = False) -> Ids:
    """The id of these bytes, and that of the same text with the line ends of Unix, where it has others."""
    raw, unix = blob_id(data, sha256=sha256), _unix(data)
    return Ids(raw) if unix is None else Ids(raw, blob_id(unix, sha256=sha256))


def content_of(blob: str, data: bytes) -> bytes | None:
    """The bytes that an id stands for: these, or these with the line ends of Unix; None if it is of others."""
    sha256 = len(blob) == _LONG
    if blob_id(data, sha256=sha256) == blob:
        return data
    unix = _unix(data)
    return unix if unix is not None and blob_id(unix, sha256=sha256) == blob else None


def _unix(data: bytes) -> bytes | None:
    """A text with CR LF made LF; None for what has none, or is no text to git."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data and b"\0" not in data else None
