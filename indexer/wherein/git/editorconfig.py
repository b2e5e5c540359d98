"""The encodings that .editorconfig files declare. Nothing above the root of a worktree or folder is read."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from wherein.git.beneath import Beneath
from wherein.globs import Globs
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered

FILE_NAME = ".editorconfig"

MOST_BYTES = 100_000
"""Of one file; the longest in wide use has a tenth of it."""

MOST_ALTERNATIVES = 300
"""Patterns that the braces of one section may stand for."""

FOLDERS_KEPT = 10_000
"""Folders of which is remembered which files speak of them."""

_USUAL = ("utf-8", "utf-8-bom", "unset")
"""Of these nothing has to be declared: they are told from the file."""
_KEY = re.compile(r"\s*([\w-]+)\s*[=:]\s*([^\s;#]+)")
_BRACES = re.compile(r"\{([^{}]*)\}")
_NUMBERS = re.compile(r"(-?\d{1,6})\.\.(-?\d{1,6})")


@dataclass(frozen=True, slots=True)
class _File:
    is_root: bool
    globs: Globs
    charsets: list[str]
    """by the place of a pattern"""


class EditorConfig:
    """Of the files that are given: folder ("" or ending with `/`) → text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._files = {folder: _parsed(text) for folder, text in texts.items()}
        self._speaks = any(
            charset not in _USUAL for file in self._files.values() for charset in file.charsets
        )
        self._chains = Remembered(self._chain, FOLDERS_KEPT)

    def charsets(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Path → charset, of those paths that have one which cannot be told from any file."""
        if not self._speaks:
            return
        for path in paths:
            for folder in self._chains[path.rpartition("/")[0]]:
                file = self._files[folder]
                index = file.globs.last(path[len(folder) :], folder=False)
                if index is not None:
                    if file.charsets[index] not in _USUAL:
                        yield path, file.charsets[index]
                    break

    def _chain(self, folder: str) -> list[str]:
        """The folders with files that speak of what lies in a folder, the nearest first."""
        chain: list[str] = []
        place = folder
        while True:
            key = f"{place}/" if place else ""
            if key in self._files:
                chain.append(key)
                if self._files[key].is_root:
                    break
            if not place:
                break
            place = place.rpartition("/")[0]
        return chain


def editor_config_folders(paths: Iterable[str], prefix: str = "") -> list[str]:
    """Where such files may be: where one is among the paths, and above `prefix`."""
    above = prefix.split("/")[:-1]
    folders = dict.fromkeys("".join(f"{name}/" for name in above[:depth]) for depth in range(len(above) + 1))
    folders |= dict.fromkeys(path[: -len(FILE_NAME)] for path in paths if path.endswith("/" + FILE_NAME))
    return list(folders)


def read_editor_configs(beneath: Beneath, folders: Iterable[str]) -> dict[str, str]:
    """Folder → text of those that can be read."""
    texts: dict[str, str] = {}
    for folder in folders:
        with suppress(OSError):
            texts[folder] = os.fsdecode(beneath.read(folder + FILE_NAME, MOST_BYTES))
    return texts


def _parsed(text: str) -> _File:
    patterns: list[str] = []
    charsets: list[str] = []
    is_root, section = False, ""
    for line in text.removeprefix("\ufeff").splitlines():
        stripped = line.strip()
        if stripped.startswith("[") and "]" in stripped:
            section = stripped[1 : stripped.rindex("]")]
        elif match := _KEY.match(line):
            key, value = match[1].lower(), match[2].lower()
            if key == "root" and not section:
                is_root = value == "true"
            elif key == "charset" and section:
                found = list(_alternatives(section))
                patterns += found
                charsets += [value] * len(found)
    return _File(is_root, Globs(patterns), charsets)


def _alternatives(pattern: str) -> Iterator[str]:
    """Patterns as in .gitignore that together match what a section does; none where they would be too many."""
    pending, done = [pattern], list[str]()
    while pending:
        if len(pending) + len(done) > MOST_ALTERNATIVES:
            return
        text = pending.pop()
        for braces in _BRACES.finditer(text):
            choices = _choices(braces[1])
            if choices:
                pending += [text[: braces.start()] + each + text[braces.end() :] for each in choices]
                break
        else:
            done.append(text)
    yield from (f"\\{each}" if each.startswith(("!", "#")) else each for each in done)


def _choices(inside: str) -> list[str]:
    if numbers := _NUMBERS.fullmatch(inside):
        first, last = sorted((int(numbers[1]), int(numbers[2])))
        return [str(number) for number in range(first, min(last, first + MOST_ALTERNATIVES) + 1)]
    return inside.split(",") if "," in inside else []
