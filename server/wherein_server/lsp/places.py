"""A place in the editor → the path and line of the index that it means."""

import re

from wherein.errors import ConfigError
from wherein_server.lsp.arguments import Place
from wherein_server.lsp.positions import LineMap, characters
from wherein_server.lsp.repository import Repository
from wherein_server.lsp.shown_file import Buffers, saved_lines

_NAME = re.compile(r"[\w$]+")

LONGEST_LINE = 100_000
"""Characters of a line in which a name is looked for."""


def name_at(repository: Repository, at: Place, buffers: Buffers, encoding: str) -> str:
    """The name that a position is in, or behind the last letter of; empty where there is none."""
    lines = buffers.lines(at.uri) or saved_lines(repository, repository.path(at.uri)) or []
    if at.line > len(lines):
        return ""
    line = lines[at.line - 1][:LONGEST_LINE]
    column = characters(line, at.character, encoding)
    found = (match for match in _NAME.finditer(line) if match.start() <= column <= match.end())
    return next((match[0] for match in found), "")


def indexed_place(repository: Repository, at: Place, buffers: Buffers) -> tuple[str, int]:
    """Path and 1-based line. With unsaved changes, the line that stands there was elsewhere on disk; one that is new
    counts for the last known one above it. Raises ConfigError for a file outside the repository and for a line past the
    end."""
    path = repository.path(at.uri)
    saved = saved_lines(repository, path)
    shown = buffers.lines(at.uri) or saved
    if shown is None or saved is None:  # not on disk, or no text: what the index has of it counts
        return path, at.line
    if at.line > len(shown):
        raise ConfigError(f"{path} has {len(shown)} lines; there is no line {at.line}.")
    line = at.line if shown == saved else LineMap(saved, shown).back(at.line)
    if line > 1 and line == len(saved) and not saved[-1]:
        line -= 1  # behind the last newline: editors count a line there
    return path, line
