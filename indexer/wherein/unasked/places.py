"""Folders outside git that nobody means to index by searching in them."""

import os
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from wherein.packaged import files

MOST_UNASKED = 3_000
"""Files of a folder outside of git. Notes, a course, an unpacked archive have fewer; a second or two indexes them."""


def never(folder: Path) -> str:
    """Why nothing of a folder (absolute, without links) is ever indexed: a sentence, or nothing."""
    if os.name == "posix" and (
        _below(folder, _table()["never"]) or _file_system(folder) in _table()["pseudo"]
    ):
        return f"{folder} holds no files, only what the system shows of itself: nothing there is indexed."
    return ""


def is_never(path: str) -> bool:
    """`never` by the name alone, of an absolute path."""
    return path in _table()["never"]


def asked_about(folder: Path) -> str:
    """What a folder (absolute, without links) is that is only indexed when its user says so; "" for all others."""
    if folder.parent == folder:
        return "is the root of a file system"
    home = Path(os.path.realpath(Path("~").expanduser()))
    if folder == home:
        return "is your home folder"
    table = _table()
    if home.is_relative_to(folder) or str(folder) in table["of_homes"]:
        return "holds home folders"
    if str(folder) in table["homes"] or str(folder.parent) in table["of_homes"]:
        return "is a home folder"
    if _is_kept_by_programs(folder, home):
        return "holds what programs keep for you"
    if folder.is_mount():
        return "is where another file system begins"
    if os.name == "posix":
        if _below(folder, _table()["system"]) and not _below(folder, _table()["scratch"], strictly=True):
            return "belongs to the system"
    elif _below(folder, filter(None, map(os.environ.get, _table()["windows"]))):
        return "belongs to the system"
    return ""


def _is_kept_by_programs(folder: Path, home: Path) -> bool:
    if not folder.is_relative_to(home) or not folder.relative_to(home).parts[0].startswith("."):
        return False
    return not any(_below(folder, [home / each], strictly=each.endswith("/")) for each in _table()["written"])


def _below(folder: Path, places: Iterable[str], *, strictly: bool = False) -> bool:
    return any(folder.is_relative_to(place) and not (strictly and folder == Path(place)) for place in places)


def _file_system(folder: Path) -> str:
    """The type of the file system that a folder lies on; "" if that is not told."""
    found, longest = "", -1
    with (
        suppress(OSError),
        Path("/proc/self/mountinfo").open(encoding="utf-8", errors="surrogateescape") as mounts,
    ):
        for line in mounts:
            about, _, kind = line.partition(" - ")
            place = about.split(" ")[4].encode("utf-8", "surrogateescape").decode("unicode_escape", "replace")
            if len(place) >= longest and folder.is_relative_to(place):
                found, longest = kind.split(" ", 1)[0], len(place)
    return found


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "places.toml").read_text(encoding="utf-8"))
