"""Where on this machine a view of a stored index can be seen."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from wherein.git.beneath import Beneath
from wherein.git.identity import disk_view
from wherein.naming.claims import key
from wherein.naming.register import Register, User

LONGEST_LINK = 8192
"""Bytes of a file that holds nothing but a path."""


def folder_of(register: Register, store: str | None, name: str, view: str) -> Path | None:
    """The folder that the paths of a view are relative to: of files on disk the one they are in, of a branch one that
    the repository is checked out in. None if there is none here."""
    users = register.read().users.get(key(store, name), [])
    places = [Path(folder) for user in users for folder in (*user.folders, *_worktrees(user))]
    if Path(name).is_absolute():  # a folder outside of git
        places.append(Path(name))
    there = [place for place in dict.fromkeys(places) if place.is_dir()]
    if view.startswith("ref:"):
        return there[0] if there else None
    return next((place for place in there if view.startswith(disk_view(place, ""))), None)


def _worktrees(user: User) -> Iterator[str]:
    """Those that git knows beside the main one."""
    beneath = Beneath(user.place)
    with suppress(OSError):
        for entry in os.scandir(Path(user.place, "worktrees")):
            with suppress(OSError, UnicodeDecodeError):
                link = beneath.read(f"worktrees/{entry.name}/gitdir", LONGEST_LINK)
                yield str(Path(link.decode("utf-8").strip()).parent)
