"""Patterns as in .gitignore, from any folder."""

import logging
import os
from collections.abc import Callable, Sequence
from errno import EFBIG

from wherein.errors import ConfigError
from wherein.git.beneath import Beneath
from wherein.globs import MOST_WILDCARDS, Globs, problem
from wherein.one_form import one_form
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered

PATTERN_FILE = ".whereinignore"

MOST_BYTES = 1_000_000
"""Of a pattern file. What is longer is no list that somebody wrote, and is left alone."""


@dataclass(frozen=True, slots=True)
class Match:
    """The last pattern that speaks of a path."""

    ignored: bool
    """false: a pattern with `!` wants it in"""
    rule: str
    """`file:line: pattern`"""


MOST_TOGETHER = 10 * MOST_WILDCARDS
"""Bytes of the patterns with wildcards of all files. A path is compared with those of its own folders alone, so this
bounds memory: some 75 bytes for each."""

FOLDERS_KEPT = 10_000
"""Folders of which is remembered what the patterns say."""

_log = logging.getLogger(__name__)


class IgnorePatterns:
    """The pattern files of a tree. Those in deeper folders overrule those above, later lines earlier ones; what lies in
    an ignored folder is ignored, whatever is said of it, as by git. What is said of a folder holds for all in it of
    which nothing is said."""

    def __init__(self) -> None:
        self._by_folder: dict[str, _PatternFile] = {}
        self._overruling: _PatternFile | None = None
        self._room = MOST_TOGETHER
        self._files_on = Remembered(self._of_files_on_folder, FOLDERS_KEPT)
        self._overruling_on = Remembered(self._of_overruling_on_folder, FOLDERS_KEPT)

    def __bool__(self) -> bool:
        return bool(self._by_folder) or self._overruling is not None

    def add(self, folder: str, text: str, origin: str) -> None:
        """Take up the pattern file `origin`; `folder` is "" or ends with `/`. Lines that are no patterns are
        ignored, as by git."""
        lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
        file = _PatternFile(lines, origin, min(self._room, MOST_WILDCARDS - self._wildcards_above(folder)))
        if file.globs.left_out:
            _log.warning(
                "%s: %d patterns are left out; those with wildcards that a path is compared with may have %d bytes "
                "together, all of them %d",
                origin,
                file.globs.left_out,
                MOST_WILDCARDS,
                MOST_TOGETHER,
            )
        self._room -= file.globs.wildcards
        if any(lines):
            self._by_folder[folder] = file
            self._files_on.clear()

    def _wildcards_above(self, folder: str) -> int:
        """Bytes of the patterns with wildcards in the files above a folder."""
        names = folder.split("/")[:-1]
        places = ("".join(f"{name}/" for name in names[:depth]) for depth in range(len(names)))
        return sum(self._by_folder[place].globs.wildcards for place in places if place in self._by_folder)

    def read(self, beneath: Beneath, folder: str, name: str) -> None:
        """Take up the pattern file `name` of a folder, if it is there and can be read."""
        try:
            self.add(folder, os.fsdecode(beneath.read(folder + name, MOST_BYTES)), folder + name)
        except OSError as error:
            if error.errno == EFBIG:
                _log.warning("%s%s is ignored: %s", folder, name, error.strerror)

    def overrule(self, patterns: tuple[str, ...], origin: str) -> None:
        """Patterns that come after all pattern files. Raises ConfigError for one that cannot be read."""
        for pattern in patterns:
            if _says_something(pattern) and (wrong := problem(pattern)):
                raise ConfigError(
                    f"{origin} holds the pattern {pattern!r}: {wrong}.", remedy="see `git help ignore`"
                )
        file = _PatternFile(list(map(one_form, patterns)), origin, MOST_WILDCARDS, numbered=False)
        if file.globs.left_out:
            raise ConfigError(
                f"{origin} holds more than {MOST_WILDCARDS:,} bytes of patterns with wildcards."
            )
        self._overruling = file if any(map(_says_something, patterns)) else None
        self._overruling_on.clear()

    def match(self, path: str) -> Match | None:
        """What they say of a path; of a folder when it ends with `/`."""
        folder = path.endswith("/")
        path = path.removesuffix("/")
        above = path.rpartition("/")[0]
        if self._overruling is not None and (found := self._of_overruling(path, above, folder)):
            return found
        return self._of_files(path, above, folder) if self._by_folder else None

    def _of_overruling(self, path: str, above: str, folder: bool) -> Match | None:
        inherited = self._overruling_on[above]
        if inherited is not None and inherited.ignored:
            return inherited
        return self._of_overruling_itself(path, folder) or inherited

    def _of_overruling_on_folder(self, folder: str) -> Match | None:
        return _top_down(folder, lambda path: self._of_overruling_itself(path, True))

    def _of_overruling_itself(self, path: str, folder: bool) -> Match | None:
        return self._overruling.match(one_form(path), folder) if self._overruling is not None else None

    def _of_files(self, path: str, above: str, folder: bool) -> Match | None:
        inherited = self._files_on[above]
        if inherited is not None and inherited.ignored:
            return inherited
        return self._of_nearest_file(path, folder) or inherited

    def _of_files_on_folder(self, folder: str) -> Match | None:
        return _top_down(folder, lambda path: self._of_nearest_file(path, True))

    def _of_nearest_file(self, path: str, folder: bool) -> Match | None:
        """What the nearest file that speaks of this very path says of it."""
        above = path
        while above:
            above = above.rpartition("/")[0]
            key = f"{above}/" if above else ""
            file = self._by_folder.get(key)
            if file is not None and (found := file.match(path[len(key) :], folder)):
                return found
        return None


class _PatternFile:
    def __init__(self, lines: Sequence[str], origin: str, room: int, *, numbered: bool = True) -> None:
        self.globs = Globs(lines, room)
        self._lines = lines
        self._origin = origin
        self._numbered = numbered

    def match(self, path: str, folder: bool) -> Match | None:
        index = self.globs.last(path, folder=folder)
        if index is None:
            return None
        line = f":{index + 1}" if self._numbered else ""
        return Match(index not in self.globs.negated, f"{self._origin}{line}: {self._lines[index].strip()}")


def _top_down(folder: str, match: Callable[[str], Match | None]) -> Match | None:
    """What is said of a folder, and if nothing is, of the nearest one above it; the first that is ignored decides."""
    found = None
    end = -1
    while folder and end != len(folder) and not (found is not None and found.ignored):
        end = folder.find("/", end + 1)
        end = len(folder) if end < 0 else end
        found = match(folder[:end]) or found
    return found


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")
