"""An index in git's format: which paths there are, with which content. git reads it, and nothing writes one for us: a
command that wrote it would run the hooks that a repository configures for that."""

import hashlib
import os
from collections.abc import Mapping
from struct import pack

_NAME_BITS = 0xFFF
_UNKNOWN_FILE = bytes(24)
"""Times, device and inode of a file that was never looked at."""


def index_of(entries: Mapping[str, tuple[str, str]]) -> bytes:
    """Path → octal mode and hexadecimal id, as bytes of version 2 of the format. Ids are all SHA-1 or all SHA-256."""
    written = [b"DIRC", pack(">LL", 2, len(entries))]
    name = "sha1"
    for path, (mode, blob) in sorted((os.fsencode(path), entry) for path, entry in entries.items()):
        identity = bytes.fromhex(blob)
        name = "sha1" if len(identity) == 20 else "sha256"
        head = _UNKNOWN_FILE + pack(">LLLL", int(mode, 8), 0, 0, 0) + identity
        entry = head + pack(">H", min(len(path), _NAME_BITS)) + path
        written.append(entry + bytes(8 - len(entry) % 8))
    data = b"".join(written)
    return data + hashlib.new(name, data, usedforsecurity=False).digest()
