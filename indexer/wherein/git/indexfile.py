"""An index in git's format: which paths there are, with which content. git only reads it: a git command that wrote it
would run the hooks that a repository configures for that."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from struct import Struct, pack

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


_ENTRY = Struct(">10L20sH")
_WORD = 0xFFFF_FFFF
_SOME_ID = b"\x11" * 20


def index_of_numbers(files: Iterable[tuple[str, os.stat_result]], *, sha256: bool) -> bytes:
    """What files' numbers are, for git to compare with the disk; which contents they have is not in it.

    git compares times by the second, and the lower 32 bits of all numbers.
    """
    identity = _SOME_ID if not sha256 else b"\x11" * 32
    entry_of = _ENTRY.pack if not sha256 else Struct(">10L32sH").pack
    named = sorted((os.fsencode(path), status) for path, status in files)
    written = [b"DIRC", pack(">LL", 2, len(named))]
    for path, status in named:
        mode = 0o100755 if status.st_mode & 0o100 else 0o100644
        entry = entry_of(
            status.st_ctime_ns // 1_000_000_000 & _WORD,
            status.st_ctime_ns % 1_000_000_000,
            status.st_mtime_ns // 1_000_000_000 & _WORD,
            status.st_mtime_ns % 1_000_000_000,
            status.st_dev & _WORD,
            status.st_ino & _WORD,
            mode,
            status.st_uid & _WORD,
            status.st_gid & _WORD,
            status.st_size & _WORD,
            identity,
            min(len(path), _NAME_BITS),
        )
        written.append(entry + path + bytes(8 - (len(entry) + len(path)) % 8))
    data = b"".join(written)
    return data + hashlib.new("sha256" if sha256 else "sha1", data, usedforsecurity=False).digest()
