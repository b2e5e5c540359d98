"""Answers as the contract has them: plain JSON, with locations the editor can open."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from wherein.chunking.decode import decode
from wherein.errors import IndexMissing
from wherein.git.beneath import Beneath
from wherein.hit import Hit
from wherein.skips import SkipReason
from wherein_server.cli.jsonout import index_block, joined_block, readable
from wherein_server.lsp.positions import LineMap, line_range, split_lines, units
from wherein_server.lsp.repository import Repository

if TYPE_CHECKING:
    from wherein import Index

Block = dict[str, Any]

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


def saved_lines(repository: Repository, path: str) -> list[str] | None:
    """The lines of a file as it is on disk; None where it is not there, or no text."""
    root = repository.reading(lambda index: index.root)
    if root is None:
        return None
    try:
        text = decode(Beneath(root).read(path, MOST_BYTES))
    except OSError:
        return None
    return None if isinstance(text, SkipReason) else split_lines(text)


def result(repository: Repository, hit: Hit, buffers: Buffers, encoding: str) -> dict[str, Any]:
    """One hit. Its lines are those on disk, or in the editor where the document has unsaved changes.

    `title` is the line that holds the name, or the word that was found, and `matches` says where; `definition` is the
    range of the whole where the hit is a part, `part` which one."""
    found: dict[str, Any] = {
        "location": location(repository, hit.path, hit.start_line, hit.text, buffers, encoding),
        "repository": readable(hit.repository),
        "path": readable(hit.path),
        "symbol": readable(hit.symbol),
        "qualified_name": readable(hit.qualified_name),
        "kind": hit.kind,
        "language": hit.language,
        "score": round(hit.score, 6),
        "text": readable(hit.text),
        "title": readable(hit.title),
        "matches": [_name_range(repository, hit, buffers, encoding)],
    }
    if hit.definition is not None:
        whole = lines_location(repository, hit.path, *hit.definition, buffers, encoding)
        found["definition"] = whole["range"]
    if hit.part is not None:
        found["part"] = {"number": hit.part[0], "count": hit.part[1]}
    return found


def results(
    repository: Repository, hits: Sequence[Hit], buffers: Buffers, encoding: str
) -> list[dict[str, Any]]:
    """All hits."""
    return [result(repository, hit, buffers, encoding) for hit in hits]


def location(
    repository: Repository, path: str, start_line: int, text: str, buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """The LSP location of lines of a file that begin at `start_line` (1-based) and read `text`."""
    lines = text.split("\n")
    end_line = start_line + len(lines) - 1
    return _location(repository, path, start_line, end_line, lines[-1], buffers, encoding)


def lines_location(
    repository: Repository, path: str, start_line: int, end_line: int, buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """The LSP location of lines (1-based, inclusive) of a file."""
    saved = saved_lines(repository, path) or []
    last = saved[end_line - 1] if end_line <= len(saved) else ""
    return _location(repository, path, start_line, end_line, last, buffers, encoding)


def _location(
    repository: Repository, path: str, first: int, last: int, text: str, buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """`text` is the last line's; the lines move with unsaved changes above them."""
    uri = repository.uri(path)
    shown = buffers.lines(uri)
    saved = saved_lines(repository, path) if shown is not None else None
    if shown is not None and saved is not None and shown != saved:
        moved = LineMap(saved, shown)
        first, last = moved.forward(first), max(moved.forward(first), moved.forward(last))
        text = shown[last - 1]
    return {"uri": uri, "range": line_range(first, last, text, encoding)}


def _name_range(repository: Repository, hit: Hit, buffers: Buffers, encoding: str) -> dict[str, Any]:
    """Where the name stands in the line that a hit is shown by; of a hit without one, the line's code."""
    line, text = max(hit.line, hit.start_line), hit.title
    at = _location(repository, hit.path, line, line, text, buffers, encoding)["range"]
    start = max(hit.column, 1) - 1
    end = (
        start + len(hit.symbol) if hit.symbol and text[start:].startswith(hit.symbol) else len(text.rstrip())
    )
    number = at["start"]["line"]
    return {
        "start": {"line": number, "character": units(text[:start], encoding)},
        "end": {"line": number, "character": units(text[: max(end, start)], encoding)},
    }


def block(index: "Index", *, behind: int | None, indexing: bool) -> Block:
    """What an answer was drawn from. `complete` is false while files are still being read, whatever was written."""
    told = index_block(index.told())
    told["behind"] = behind
    told["complete"] = told["complete"] and not indexing
    return told


def empty_block(index: "Index") -> Block:
    """For an index of which nothing has been written yet."""
    return {
        "repository": readable(index.repository),
        "view": readable(index.view),
        "commit": None,
        "behind": None,
        "complete": False,
        "store": None,
        "model": None,
    }


def joined(blocks: Sequence[Block]) -> Block:
    """One block for all folders of the workspace: as stale and as incomplete as they are together."""
    if not blocks:
        raise IndexMissing("No folder is open, so there is nothing to search.", remedy="open a folder")
    return blocks[0] if len(blocks) == 1 else joined_block(blocks)
