"""What code that imports a file calls it: its module's or package's name."""

from functools import lru_cache
from pathlib import PurePosixPath

from wherein.tokens import fold

ENTRY_STEMS = frozenset({"__init__", "index", "mod", "lib", "main", "init"})
"""A file of one of these names stands for its folder."""

SOURCE_FOLDERS = frozenset({"src", "lib"})
"""Folders that name nothing: what lies in them is called by the folder above."""


@lru_cache(maxsize=20_000)
def modules(path: str, *, folded: bool = True) -> frozenset[str]:
    """What a file may be imported as: its stem, and its folder where it stands for that."""
    place = PurePosixPath(path)
    names = {place.name.partition(".")[0]}
    if _is_entry(place):
        names.add(place.parent.name)
        if place.parent.name in SOURCE_FOLDERS:
            names.add(place.parent.parent.name.replace("-", "_"))
    return frozenset(fold(name) if folded else name.casefold() for name in names if name)


@lru_cache(maxsize=20_000)
def is_around(path: str, other: str) -> bool:
    """Whether a file stands for a package that another lies in: `lib.rs` and `view.rs` beside it for `view/tree.rs`."""
    place = PurePosixPath(path)
    folder = place.parent if _is_entry(place) else place.with_suffix("")
    return PurePosixPath(other).is_relative_to(folder)


@lru_cache(maxsize=20_000)
def is_root_package(path: str) -> bool:
    """Whether a file stands for the package that the repository itself is, which has the repository's name."""
    place = PurePosixPath(path)
    above = place.parent.parent if place.parent.name in SOURCE_FOLDERS else place.parent
    return _is_entry(place) and not above.name


@lru_cache(maxsize=1_000)
def package_name(repository: str) -> str:
    """What the root of a repository is imported as, folded: `caddy` for `github.com/caddyserver/caddy`, `sqlite3` for
    `…/go-sqlite3`."""
    name = PurePosixPath(repository).name.partition("@")[0].partition(".")[0]
    return fold(name.removeprefix("go-").removesuffix("-go").replace("-", "_"))


def _is_entry(place: PurePosixPath) -> bool:
    return place.suffix == ".go" or place.name.partition(".")[0] in ENTRY_STEMS
