"""Answers as the contract has them: plain JSON, with locations the editor can open."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from wherein.chunking.decode import decode
from wherein.errors import IndexMissing
from wherein.git.paths import disk_path, read_regular
from wherein.hit import Hit
from wherein.skips import SkipReason
from wherein_server.cli.jsonout import index_block, joined_block, readable
from wherein_server.lsp.positions import LineMap, chunk_range, split_lines
from wherein_server.lsp.repository import Repository

if TYPE_CHECKING:
    from wherein import Index

Block = dict[str, Any]


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
        text = decode(read_regular(disk_path(Path(root), path)))
    except OSError:
        return None
    return None if isinstance(text, SkipReason) else split_lines(text)


def result(repository: Repository, hit: Hit, buffers: Buffers, encoding: str) -> dict[str, Any]:
    """One hit. Its lines are those on disk, or in the editor where the document has unsaved changes."""
    return {
        "location": location(repository, hit.path, hit.start_line, hit.text, buffers, encoding),
        "repository": readable(hit.repository),
        "path": readable(hit.path),
        "symbol": readable(hit.symbol),
        "qualified_name": readable(hit.qualified_name),
        "kind": hit.kind,
        "language": hit.language,
        "score": round(hit.score, 6),
        "text": readable(hit.text),
    }


def results(
    repository: Repository, hits: Sequence[Hit], buffers: Buffers, encoding: str
) -> list[dict[str, Any]]:
    """All hits."""
    return [result(repository, hit, buffers, encoding) for hit in hits]


def location(
    repository: Repository, path: str, start_line: int, text: str, buffers: Buffers, encoding: str
) -> dict[str, Any]:
    """The LSP location of lines of a file that begin at `start_line` (1-based) and read `text`."""
    uri = repository.uri(path)
    span = chunk_range(start_line, text, encoding)
    shown = buffers.lines(uri)
    saved = saved_lines(repository, path) if shown is not None else None
    if shown is not None and saved is not None and shown != saved:
        moved = LineMap(saved, shown)
        first = moved.forward(start_line)
        last = max(first, moved.forward(span["end"]["line"] + 1))
        span = {
            "start": {"line": first - 1, "character": 0},
            "end": {"line": last - 1, "character": span["end"]["character"]},
        }
    return {"uri": uri, "range": span}


def block(index: "Index", *, behind: int | None, indexing: bool) -> Block:
    """What an answer was drawn from. `complete` is false while files are still being read, whatever was written."""
    told = index_block(index.status(check=False))
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
