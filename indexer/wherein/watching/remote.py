"""Whether a folder is on a file system that does not report all changes."""

import os
import re
import sys
import tomllib
from contextlib import suppress
from pathlib import Path

from wherein.packaged import files

MOUNTS = Path("/proc/self/mountinfo")

_OCTAL = re.compile(r"\\([0-7]{3})")


def remote_file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """The name of such a file system, or an empty string; only Linux says."""
    if sys.platform != "linux":
        return ""
    place = os.path.realpath(folder)
    kind, longest = "", -1
    with suppress(OSError):
        for line in mounts.read_text(errors="surrogateescape").splitlines():
            before, _, after = line.partition(" - ")
            fields = before.split()
            if len(fields) < 5 or not after:
                continue
            point = _OCTAL.sub(lambda code: chr(int(code[1], 8)), fields[4])
            inside = place == point or place.startswith(point.rstrip("/") + "/")
            if inside and len(point) >= longest:  # a later mount hides an earlier one
                kind, longest = after.split()[0], len(point)
    known = tomllib.loads((files(__package__) / "file_systems.toml").read_text(encoding="utf-8"))["remote"]
    return kind if kind in known else ""
