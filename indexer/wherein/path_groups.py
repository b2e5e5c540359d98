"""Whether a path accompanies code, judging by its name alone: as a test, an example or a document."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cache, lru_cache
from typing import Any

from wherein import tokens
from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered

TEST, EXAMPLE, DOCUMENTATION = "test", "example", "documentation"

REMEMBERED = 20_000
"""Paths and folders."""

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PathGroup:
    """A table of path_groups.toml, which says what each field is."""

    name: str
    asked_by: Mapping[str, float]
    """by the stems of the words"""
    folders: frozenset[str]
    folder_ends: frozenset[str]
    roots: frozenset[str]
    extensions: frozenset[str]
    glued: tuple[str, ...]
    not_glued: frozenset[str]
    begins: frozenset[str]
    ends: frozenset[str]
    stems: frozenset[str]
    named_in: Mapping[str, frozenset[str]] = field(default_factory=dict)
    data_below: frozenset[str] = frozenset()
    data: frozenset[str] = frozenset()

    def asked(self, words: Iterable[str]) -> float:
        """How likely a query of these words, in lower case, asks for what is of the group; 0 if none says so."""
        of_others = 1.0
        for stem in set(map(tokens.stem, words)):
            of_others *= 1 - self.asked_by.get(stem, 0.0)
        return 1 - of_others

    def holds_folder(self, name: str) -> bool:
        """Whether what is in a folder of this name is of the group."""
        lower = name.lower()
        if lower in self.folders:
            return True
        words = tokens.words(name)
        if not words:
            return False
        if words[-1] in self.folder_ends or "".join(words) in self.folders:
            return True
        return bool(self.glued) and words[-1].endswith(self.glued) and words[-1] not in self.not_glued

    def holds_file(self, words: list[str], extension: str) -> bool:
        """Whether a file is, by the words of its name and its extension."""
        if extension in self.extensions:
            return True
        if words[0] in self.begins or words[-1] in self.ends or not self.stems.isdisjoint(words):
            return True
        return any(extension in self.named_in.get(word, ()) for word in (words[0], words[-1]))


@cache
def path_groups() -> tuple[PathGroup, ...]:
    """All of them, in their order."""
    data = {name: group for name, group in _data().items() if "asked_by" in group}
    return tuple(
        PathGroup(
            name=name,
            asked_by={tokens.stem(word): share for word, share in group["asked_by"].items()},
            folders=frozenset(group["folders"]),
            folder_ends=frozenset(group["folder_ends"]),
            roots=frozenset(group.get("roots", ())),
            extensions=frozenset(group.get("extensions", ())),
            glued=tuple(group.get("glued", ())),
            not_glued=frozenset(group.get("not_glued", ())),
            begins=frozenset(group["begins"]),
            ends=frozenset(group["ends"]),
            stems=frozenset(group["stems"]),
            data_below=frozenset(group.get("data_below", ())),
            data=frozenset(group.get("data", ())),
            named_in={word: frozenset(extensions) for word, extensions in group.get("in", {}).items()},
        )
        for name, group in data.items()
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("wherein").joinpath("path_groups.toml").read_text("utf-8"))


@cache
def _inside() -> Mapping[str, frozenset[str]]:
    return {extension: frozenset(names) for extension, names in _data()["test"]["inside"].items()}


@cache
def _prose() -> frozenset[str]:
    return frozenset(_data()["prose"]["extensions"])


def inline_tests(path: str) -> frozenset[str]:
    """The parts of qualified names by which tests are told in a file that holds what they test; none in most."""
    return _inside().get(path.rpartition(".")[2], _NOTHING)


def is_prose(path: str) -> bool:
    """Whether a file is a document by its extension."""
    return path.rpartition(".")[2].lower() in _prose()


def groups_of(path: str) -> frozenset[str]:
    """The names of the groups that a POSIX path is of; none for code."""
    return _known[path]


def _read(path: str) -> frozenset[str]:
    folder, _, name = path.rpartition("/")
    stem, _, extension = name.rpartition(".")
    if not stem:  # no extension, or nothing else
        stem, extension = name, ""
    words = tokens.words(stem)
    own = {group.name for group in path_groups() if group.holds_file(words, extension)} if words else _NOTHING
    return _of_folder(folder) | own | _of_data(folder, extension)


_known: Remembered[str, frozenset[str]] = Remembered(_read, REMEMBERED)


@lru_cache(maxsize=REMEMBERED)
def _of_folder(folder: str) -> frozenset[str]:
    names = folder.split("/")
    at_root = (group.name for group in path_groups() if names[0].lower() in group.roots)
    return _NOTHING.union(at_root, *map(_of_name, filter(None, names)))


@lru_cache(maxsize=REMEMBERED)
def _of_data(folder: str, extension: str) -> frozenset[str]:
    groups = [group for group in path_groups() if extension in group.data]
    names = folder.lower().split("/") if groups else ()
    return frozenset(group.name for group in groups if not group.data_below.isdisjoint(names))


@lru_cache(maxsize=REMEMBERED)
def _of_name(name: str) -> frozenset[str]:
    return frozenset(group.name for group in path_groups() if group.holds_folder(name))
