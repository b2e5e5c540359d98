"""A file of the index as the editor shows it: where its lines are now, with unsaved changes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from wherein.chunking.decode import decode
from wherein.git.beneath import Beneath
from wherein.skips import SkipReason
from wherein_server.lsp.positions import LineMap, line_range, split_lines, units
from wherein_server.lsp.repository import Repository

MOST_BYTES = 64_000_000
"""Of a file whose lines are compared with an editor's. Only files of `index.max_file_size` are indexed."""


class Buffers:
    """The texts of documents as the editor shows them, by decoded URI; a snapshot that threads may read."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def lines(self, uri: str) -> list[str] | None:
        """The lines of an open document."""
        text = self._texts.get(unquote(uri))
        return None if text is None else split_lines(text)


class ShownFile:
    """Ranges in one file. Lines are those on disk (1-based), columns characters from 0; ranges are the editor's."""

    def __init__(self, repository: Repository, path: str, buffers: Buffers, encoding: str) -> None:
        self.uri = repository.uri(path)
        self._encoding = encoding
        self._shown = buffers.lines(self.uri)
        saved = saved_lines(repository, path) if self._shown is not None else None
        changed = self._shown is not None and saved is not None and self._shown != saved
        self._moved = LineMap(saved or [], self._shown or []) if changed else None

    def location(self, first: int, last: int, text: str) -> dict[str, Any]:
        """From the beginning of one line to the end of another, which reads `text` on disk."""
        if self._moved is not None and self._shown is not None:
            first, last = (
                self._moved.forward(first),
                max(self._moved.forward(first), self._moved.forward(last)),
            )
            text = self._shown[last - 1]
        return {"uri": self.uri, "range": line_range(first, last, text, self._encoding)}

    def within(self, line: int, text: str, start: int, end: int) -> dict[str, Any]:
        """Columns of one line, which reads `text` on disk."""
        number = line if self._moved is None else self._moved.forward(line)
        return {
            "start": {"line": number - 1, "character": units(text[:start], self._encoding)},
            "end": {"line": number - 1, "character": units(text[: max(end, start)], self._encoding)},
        }

    def holds(self, line: int, text: str) -> bool:
        """Whether a line still reads so in the editor."""
        return (
            self._moved is None or self._shown is None or self._shown[self._moved.forward(line) - 1] == text
        )


def saved_lines(repository: Repository, path: str) -> list[str] | None:
    """The lines of a file as it is on disk; None if it is not there, or no text."""
    root = repository.reading(lambda index: index.root)
    if root is None:
        return None
    try:
        text = decode(Beneath(root).read(path, MOST_BYTES))
    except OSError:
        return None
    return None if isinstance(text, SkipReason) else split_lines(text)


def lines_location(
    repository: Repository, path: str, start_line: int, end_line: int, buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """The LSP location of lines (1-based, inclusive) of a file."""
    saved = saved_lines(repository, path) or []
    last = saved[end_line - 1] if end_line <= len(saved) else ""
    return ShownFile(repository, path, buffers, encoding).location(start_line, end_line, last)
