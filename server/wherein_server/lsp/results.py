"""Answers as the contract has them: plain JSON, with locations that the editor can open."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wherein.errors import IndexMissing
from wherein.hit import Hit
from wherein_server.cli.jsonout import index_block as told_block
from wherein_server.cli.jsonout import joined_block, readable
from wherein_server.lsp.marks import Mark, Marker
from wherein_server.lsp.repository import Repository
from wherein_server.lsp.shown_file import Buffers, ShownFile, lines_location
from wherein_server.lsp.symbol_kinds import symbol_kind

if TYPE_CHECKING:
    from wherein import Index
    from wherein_server.lsp.workspace import Served

Block = dict[str, Any]

FAST_CHARACTERS = 800
"""Of each text that is sent while somebody types: a list shows one line of it, and the editor has the file."""


def result(
    repository: Repository,
    hit: Hit,
    buffers: Buffers,
    encoding: str,
    marker: Marker | None = None,
    *,
    short: bool = False,
) -> dict[str, Any]:
    """One hit. Its lines are those on disk, or in the editor if the document has unsaved changes.

    `title` is the line with the name, or with the word that was found. `matches` begin with the name, or with what was
    found in that line; the other words that were met follow. If the hit is a part, `definition` is the range of the
    whole and `part` says which part it is. `short` sends only the beginning of a long text, with the matches in it. No
    file is read then, so a `definition` ends where its last line begins.
    """
    file = ShownFile(repository, hit.path, buffers, encoding)
    lines = hit.text.split("\n")
    text = hit.text if not short or len(hit.text) <= FAST_CHARACTERS else _beginning(lines)
    shown = lines if text is hit.text else text.split("\n")
    found: dict[str, Any] = {
        "location": file.location(hit.start_line, hit.start_line + len(lines) - 1, lines[-1]),
        "repository": readable(hit.repository),
        **naming(hit),
        "score": round(hit.score, 6),
        "text": readable(text),
        "title": readable(hit.title),
        "matches": _matches(file, hit, lines, len(shown), marker),
    }
    if hit.definition is not None:
        whole = (
            file.location(*hit.definition, "")
            if short
            else lines_location(repository, hit.path, *hit.definition, buffers, encoding)
        )
        found["definition"] = whole["range"]
    if hit.part is not None:
        found["part"] = {"number": hit.part[0], "count": hit.part[1]}
    return found


def naming(hit: Hit) -> dict[str, Any]:
    """What a definition is called, and what it is."""
    return {
        "path": readable(hit.path),
        "symbol": readable(hit.symbol),
        "qualified_name": readable(hit.qualified_name),
        "kind": hit.kind,
        "symbolKind": symbol_kind(hit.kind),
        "language": hit.language,
    }


def results(
    repository: Repository,
    hits: Sequence[Hit],
    buffers: Buffers,
    encoding: str,
    marker: Marker | None = None,
    *,
    short: bool = False,
) -> list[dict[str, Any]]:
    """All hits."""
    return [result(repository, hit, buffers, encoding, marker, short=short) for hit in hits]


def _beginning(lines: Sequence[str]) -> str:
    """The whole lines that are sent while somebody types; of a very long first line, its beginning."""
    text = "\n".join(lines)[:FAST_CHARACTERS]
    return text.rpartition("\n")[0] or text


def _matches(
    file: ShownFile, hit: Hit, lines: Sequence[str], count: int, marker: Marker | None
) -> list[dict[str, Any]]:
    """First the name, or the words met in the line that the hit is shown by: that is where the cursor goes. Then those
    in the first `count` lines. Lines that differ in the editor by now are left out."""
    shown = max(hit.line, hit.start_line) - hit.start_line
    marks = marker.marks(lines[:count]) if marker is not None else []
    if marker is not None and shown >= count:
        marks += (Mark(shown, start, end) for _, start, end in marker.marks(lines[shown : shown + 1]))
    first, named = _name(hit, shown)
    beside = [mark for mark in marks if mark.line == shown]
    if named:
        beside = [mark for mark in beside if mark.end <= first.start or mark.start >= first.end]
        beside.insert(0, first)
    rest = [mark for mark in marks if mark.line != shown]
    return [
        file.within(hit.start_line + mark.line, lines[mark.line], mark.start, mark.end)
        for mark in (*(beside or [first]), *rest)
        if mark.line == shown or file.holds(hit.start_line + mark.line, lines[mark.line])
    ]


def _name(hit: Hit, shown: int) -> tuple[Mark, bool]:
    """Where the name is in the line that a hit is shown by, and True; for a hit without a name, that line's code."""
    text = hit.title
    start = max(hit.column, 1) - 1
    if hit.symbol and text[start:].startswith(hit.symbol):
        return Mark(shown, start, start + len(hit.symbol)), True
    return Mark(shown, start, max(start, len(text.rstrip()))), False


def index_block(index: "Index", served: "Served") -> Block:
    """What is known of an index now. While its first update runs, there may be nothing to read yet."""
    updater = served.updater
    try:
        behind, indexing = updater.standing()
        return block(index, behind=behind, indexing=indexing)
    except IndexMissing:
        if not updater.running:
            raise updater.problem or IndexMissing(
                f"{served.repository.name} is not indexed yet.", remedy="wherein.reindex"
            ) from None
        return empty_block(index)


def block(index: "Index", *, behind: int | None, indexing: bool) -> Block:
    """What an answer is based on. `complete` is false while files are still being read, whatever was written."""
    told = told_block(index.told())
    told["behind"] = behind
    told["complete"] = told["complete"] and not indexing
    return told


def empty_block(index: "Index") -> Block:
    """For an index that nothing has been written to yet."""
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
