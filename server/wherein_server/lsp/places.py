"""A place in the editor → the path and line of the index that it means."""

from wherein.errors import ConfigError
from wherein_server.lsp.arguments import Place
from wherein_server.lsp.positions import LineMap
from wherein_server.lsp.repository import Repository
from wherein_server.lsp.shown_file import Buffers, saved_lines


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
