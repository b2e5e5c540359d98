"""Patterns as in .gitignore, from any folder."""

import os
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wherein.errors import ConfigError
from wherein.git.beneath import Beneath

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

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


@dataclass(frozen=True, slots=True)
class _PatternFile:
    spec: "GitIgnoreSpec"
    rules: list[str]


class IgnorePatterns:
    """The pattern files of a tree. Those in deeper folders overrule those above, later lines earlier ones."""

    def __init__(self) -> None:
        self._by_folder: dict[str, _PatternFile] = {}
        self._overruling: _PatternFile | None = None

    def __bool__(self) -> bool:
        return bool(self._by_folder) or self._overruling is not None

    def add(self, folder: str, text: str, origin: str) -> None:
        """Take up the pattern file `origin`; `folder` is "" or ends with `/`. Lines that are no patterns are
        ignored, as by git."""
        lines = [
            line for line in enumerate(text.removeprefix("\ufeff").split("\n"), 1) if _says_something(line[1])
        ]
        file = _compiled(
            [(line.removesuffix("\r"), f"{origin}:{number}: {line.strip()}") for number, line in lines]
        )
        if file is not None:
            self._by_folder[folder] = file

    def read(self, beneath: Beneath, folder: str, name: str) -> None:
        """Take up the pattern file `name` of a folder, if it is there and can be read."""
        with suppress(OSError):
            self.add(folder, os.fsdecode(beneath.read(folder + name, MOST_BYTES)), folder + name)

    def overrule(self, patterns: tuple[str, ...], origin: str) -> None:
        """Patterns that come after all pattern files. ConfigError for one that cannot be read."""
        lines = [(pattern, f"{origin}: {pattern}") for pattern in patterns if _says_something(pattern)]
        self._overruling = _compiled(lines, strict=True)

    def match(self, path: str) -> Match | None:
        """What they say of a path; of a folder when it ends with `/`."""
        if self._overruling is not None and (found := _match(self._overruling, path)):
            return found
        folder = path.rstrip("/")
        while self._by_folder:
            folder = folder.rpartition("/")[0]
            key = f"{folder}/" if folder else ""
            file = self._by_folder.get(key)
            if file is not None and (found := _match(file, path[len(key) :])):
                return found
            if not folder:
                break
        return None


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _match(file: _PatternFile, path: str) -> Match | None:
    result = file.spec.check_file(path)
    if result.include is None or result.index is None:
        return None
    return Match(result.include, file.rules[result.index])


def _compiled(lines: list[tuple[str, str]], *, strict: bool = False) -> _PatternFile | None:
    """Patterns with their rules as one spec; None where there are none."""
    if not lines:
        return None
    from pathspec import GitIgnoreSpec  # only where there are patterns: it costs start-up time

    good: list[tuple[str, str]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of `re`, about `[[` in a pattern
        for pattern, rule in lines:
            try:
                GitIgnoreSpec.from_lines([pattern])
            except (ValueError, re.error) as error:
                if strict:
                    raise ConfigError(
                        f"The pattern {rule!r} cannot be read.", remedy="see `git help ignore`"
                    ) from error
            else:
                good.append((pattern, rule))
        spec = GitIgnoreSpec.from_lines([pattern for pattern, _ in good])
    return _PatternFile(spec, [rule for _, rule in good])
