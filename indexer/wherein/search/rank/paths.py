"""What a file's path says about it, whatever the query."""

from functools import lru_cache

from wherein import tokens
from wherein.path_groups import groups_of
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered

DEEPEST = 8
"""Folders; what lies deeper is a detail all the same."""

REMEMBERED = 20_000
"""Paths, about 1 kB each. A query meets some 200."""


@dataclass(frozen=True, slots=True)
class PathFacts:
    """A path, read once."""

    path: str
    folder: str
    """the path of its folder; empty at the root"""
    stem: frozenset[str]
    """terms of the file's name without its ending"""
    stem_size: int
    """words of that name; 1 if it has none"""
    folders: frozenset[str]
    """terms of its folders' names"""
    parent: frozenset[str]
    """terms of the name of its own folder"""
    depth: float
    """0 at the root, 1 from DEEPEST folders on"""
    noise: frozenset[str]
    """the groups of path_groups.toml that it is of"""


def facts(path: str) -> PathFacts:
    """What a path tells."""
    return _known[path]


def _read(path: str) -> PathFacts:
    folder, _, name = path.rpartition("/")
    above = _folder(folder)
    stem = name.split(".")[0]
    return PathFacts(
        path=path,
        folder=folder,
        stem=frozenset(tokens.terms(stem or name)),
        stem_size=max(len(tokens.words(stem)), 1),
        folders=above.terms,
        parent=above.parent,
        depth=min(path.count("/"), DEEPEST) / DEEPEST,
        noise=groups_of(path),
    )


_known: Remembered[str, PathFacts] = Remembered(_read, REMEMBERED)


@dataclass(frozen=True, slots=True)
class _Folder:
    terms: frozenset[str]
    parent: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def _folder(folder: str) -> _Folder:
    """What the files of a folder have in common."""
    return _Folder(
        terms=frozenset(tokens.terms(folder)),
        parent=frozenset(tokens.terms(folder.rpartition("/")[2])),
    )
