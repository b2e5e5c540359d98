"""Who owns a view of files on somebody's disk: others search it only if they ask for it by name."""

import getpass
import platform
from functools import cache
from hashlib import blake2b


@cache
def owner() -> str:
    """This user on this machine, as a short hash."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return blake2b(f"{platform.node()}:{user}".encode("utf-8", "replace"), digest_size=6).hexdigest()


def owner_of(view: str) -> str:
    """The owner of a new view of this name; empty for a view of a branch, tag or commit, which is everybody's."""
    return "" if view.startswith("ref:") else owner()
