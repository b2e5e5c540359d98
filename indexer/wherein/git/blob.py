"""The ids of contents, as git makes them."""

import hashlib
import os
import re
import subprocess
from collections.abc import Sequence

from wherein.git.command import Git

_QUOTED = re.compile(r'^"|[\n\r]')


def blob_id(data: bytes) -> str:
    """The id of these very bytes in a repository with SHA-1 ids."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def hash_files(git: Git, paths: Sequence[str]) -> dict[str, str]:
    """The ids that git would store files of its worktree under, line ends converted as the attributes say.

    What cannot be read is left out. `git` must run without filters.
    """
    ids: dict[str, str] = {}
    rest = [path for path in paths if os.access(git.folder / path, os.R_OK)]
    while rest:
        asked = "".join(f"{_quoted(path)}\n" for path in rest)
        with git.start("hash-object", "--stdin-paths", stdin=subprocess.PIPE) as running:
            status, output, _ = running.outcome(os.fsencode(asked))
        hashed = output.decode("ascii").split()
        ids |= zip(rest, hashed, strict=False)
        # It ends at the first file that it cannot read.
        rest = rest[len(hashed) + 1 :] if status else []
    return ids


def _quoted(path: str) -> str:
    """A path for a list with a path a line, quoted as in C where that is needed."""
    if not _QUOTED.search(path):
        return path
    for plain, escaped in (("\\", r"\\"), ('"', r"\""), ("\n", r"\n"), ("\r", r"\r")):
        path = path.replace(plain, escaped)
    return f'"{path}"'
