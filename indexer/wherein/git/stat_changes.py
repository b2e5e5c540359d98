"""Asks git which of many files have other numbers (times, size, inode) than when they were last looked at.

git compares an index of ours with the disk in several threads: 50,000 files take it 60 ms of processor time, beside
whatever this process does meanwhile; `os.lstat` takes 110 ms of this process, and comparing what it says as long again.
Nothing is read of a file, and no filter runs: an entry whose time could be that of a later change, which git would look
into, is not in our index.
"""

import os
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

from wherein import private
from wherein.git.checkout import listed_paths
from wherein.git.command import SAFE_VARIABLES, Git, GitFailed
from wherein.git.indexfile import index_of_numbers
from wherein.git.running import Running

SETTLED_NS = 2_000_000_000
"""A file written to this recently is looked at again: git compares whole seconds, so it could change without being seen
to. Nobody sets a ctime back."""

_AFTER_ALL_FILES = 0x7FFF_0000
"""The time of our index, in seconds: in 2038. git looks into files that are younger than its index."""

FEW_CORES = 2
"""With no more of them git compares in one thread: its twenty take the core on which a search is made ready meanwhile
(at 40,000 files .44 s for all of it, .42 without)."""

_SETTINGS = (
    "core.trustctime=true",
    "core.checkStat=default",
    "core.ignoreStat=false",
    f"core.preloadIndex={'true' if (os.cpu_count() or 1) > FEW_CORES else 'false'}",
    "core.untrackedCache=false",
    "core.splitIndex=false",
    "index.sparse=false",
)


def is_settled(status: os.stat_result, now_ns: int) -> bool:
    """Whether a change after `now_ns` gives a file another second, or it may be that git would look into it."""
    return status.st_ctime_ns < now_ns - SETTLED_NS and status.st_mtime_ns < _AFTER_ALL_FILES * 1_000_000_000


def write_numbers(file: Path, files: Mapping[str, os.stat_result], *, sha256: bool) -> int:
    """Remember the numbers of files, by path below the folder in which git is run. The checksum of what was written.
    Raises OSError."""
    content = index_of_numbers(files.items(), sha256=sha256)
    private.write(file, content)
    os.utime(file, (time.time(), _AFTER_ALL_FILES))
    return zlib.crc32(content)


def ask_changed(git: Git, file: Path) -> Running:
    """Begin to compare what was remembered in a file with the disk; `changed_paths` goes on."""
    settings = " ".join(f"'{setting}'" for setting in _SETTINGS)
    variables = {
        "GIT_INDEX_FILE": str(file),
        "GIT_CONFIG_PARAMETERS": f"{SAFE_VARIABLES['GIT_CONFIG_PARAMETERS']} {settings}",
    }
    return git.having(variables).start(
        "diff-files", "-z", "--name-only", "--no-renames", "--ignore-submodules=all"
    )


def changed_paths(running: Running) -> list[str]:
    """Those that are other files now, or none. Raises GitFailed, also where git could not look at one of them, behind a
    link to itself or in a folder that may not be entered: it complains, and leaves it out."""
    status, output, complaint = running.outcome()
    if status or complaint:
        raise GitFailed(("diff-files",), status, complaint)
    return listed_paths(output)
