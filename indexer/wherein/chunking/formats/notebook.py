"""Jupyter notebooks by cell. A notebook is JSON: lines are those of the .ipynb file as it is on disk, and a
cell's decoded source is its `doc`. Lines that hold outputs or metadata are chunks of kind `output`, without
a name or doc."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wherein.chunking import lines as plain
from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import NAMES, PREAMBLE_LINES, short_name
from wherein.chunking.formats.markdown import heading_titles
from wherein.chunking.formats.members import Member, members, opening
from wherein.chunking.formats.sections import PATH_SEPARATOR
from wherein.chunking.formats.spans import LineIndex
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.languages.registry import Language

_DEFINITION = re.compile(
    r"^(?:(?:async[ ])?def|class|function|struct|macro)[ ]+(\w+)|^(\w+)[ ]*(?:<-|=)[ ]*function\b",
    re.MULTILINE,
)


@dataclass(slots=True)
class _Cell:
    first: int
    last: int
    """indices of its lines in the file"""
    kind: str
    source: list[str]
    """lines with their ends"""
    written: list[int]
    """the line in the file of each line of source; empty when they are not one a line"""
    outputs: tuple[int, int] | None
    """first and last line of the part that holds its outputs, where that is apart from the source"""


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a notebook; one that cannot be read as a notebook is cut by lines."""
    chunks: list[Chunk] = []
    path: list[tuple[int, str]] = []
    for cell in _cells(text):
        chunks.extend(_cell_chunks(cell, path))
    return _covering(chunks, len(plain.split_lines(text))) if chunks else plain.chunk(text, language)


def _cells(text: str) -> Iterator[_Cell]:
    """The cells in order. Those that share a line (a notebook without line breaks) come as one."""
    root = opening(text)
    found = next((m for m in members(text, root) if m.key == "cells"), None) if root is not None else None
    if found is None or not text.startswith("[", found.value):
        return
    index = LineIndex(text)
    pending: list[_Cell] = []
    for member in members(text, found.value):
        cell = _read_cell(text, member, index)
        if pending and cell.first > pending[-1].last:
            yield _joined(pending)
            pending = []
        pending.append(cell)
    if pending:
        yield _joined(pending)


def _read_cell(text: str, cell: Member, index: LineIndex) -> _Cell:
    first, last = index.line_of(cell.start), index.line_of(cell.end - 1)
    parts = {part.key: part for part in members(text, cell.value)} if text.startswith("{", cell.value) else {}
    written = parts.get("source")
    source = _decoded(text, written)
    if isinstance(source, str):
        source = source.splitlines(keepends=True)
    elif not isinstance(source, list) or not all(isinstance(line, str) for line in source):
        source = []
    rows: list[int] = []
    outputs = None
    if written is not None:
        if text.startswith("[", written.value):
            rows = [index.line_of(line.start) for line in members(text, written.value)]
        if "outputs" in parts:
            outputs = _outputs(parts["outputs"], written, first, last, index)
    one_a_line = len(rows) == len(source) and len(set(rows)) == len(rows)
    kind = str(_decoded(text, parts.get("cell_type")))
    return _Cell(first, last, kind, source, rows if one_a_line else [], outputs)


def _outputs(
    outputs: Member, source: Member, first: int, last: int, index: LineIndex
) -> tuple[int, int] | None:
    """The end of the cell that holds its outputs, cut from the source's end between lines."""
    begin, end = index.line_of(outputs.start), index.line_of(outputs.end - 1)
    if end == begin:
        return None
    if end < index.line_of(source.start):
        return first, end
    return (begin, last) if begin > index.line_of(source.end - 1) else None


def _decoded(text: str, member: Member | None) -> object:
    """The value of a member; None if it is missing or no JSON."""
    if member is None:
        return None
    try:
        value: object = json.loads(text[member.value : member.end])
    except (ValueError, RecursionError):
        return None
    return value


def _joined(cells: list[_Cell]) -> _Cell:
    if len(cells) == 1:
        return cells[0]
    source = [line for cell in cells for line in (*cell.source, "\n\n")]
    return _Cell(cells[0].first, cells[-1].last, "code", source, [], None)


def _cell_chunks(cell: _Cell, path: list[tuple[int, str]]) -> Iterator[Chunk]:
    """A cell's chunks, its outputs apart; `path` holds the headings above it and is kept up to date."""
    names = _headings(cell, path) if cell.kind == "markdown" else _definitions(cell)
    symbol = names[0] if names else ""
    around = [title for _, title in path]
    if symbol and cell.kind != "markdown":
        around.append(symbol)
    qualified = PATH_SEPARATOR.join(around) if symbol else ""
    first, last = cell.first, cell.last
    if cell.outputs is not None:
        if cell.outputs[0] == first:
            yield Chunk(first + 1, cell.outputs[1] + 1, "output")
            first = cell.outputs[1] + 1
        else:
            last = cell.outputs[0] - 1
    for start, stop, source in _pieces(cell, first, last):
        yield Chunk(start + 1, stop, "cell", symbol, qualified, "", source, tuple(names[1 : NAMES + 1]))
    if last < cell.last:
        yield Chunk(last + 2, cell.last + 1, "output")


def _pieces(cell: _Cell, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """Runs of lines (start, stop) of the file with the source that stands there: a long cell has several."""
    if not cell.written:
        yield first, last + 1, "".join(cell.source)
        return
    runs = list(plain.windows(cell.source, 0, len(cell.source)))
    for n, (begin, end) in enumerate(runs):
        start = cell.written[begin] if n else first
        stop = cell.written[end] if n + 1 < len(runs) else last + 1
        yield start, stop, "".join(cell.source[begin:end])


def _headings(cell: _Cell, path: list[tuple[int, str]]) -> list[str]:
    """The headings of a Markdown cell, the first of them first; `path` then leads to the last."""
    found = heading_titles("".join(cell.source))
    for level, title in found:
        while path and path[-1][0] >= level:
            path.pop()
        path.append((level, title))
    return [title for _, title in found]


def _definitions(cell: _Cell) -> list[str]:
    """Functions and classes at the top level of a code cell."""
    if cell.kind != "code":
        return []
    found = (short_name(match[1] or match[2]) for match in _DEFINITION.finditer("".join(cell.source)))
    return list(dict.fromkeys(found))


def _covering(chunks: list[Chunk], line_count: int) -> list[Chunk]:
    """The chunks with the lines of the file that no cell has: its first and last lines and metadata."""
    covered: list[Chunk] = []
    for found in chunks:
        above = covered[-1].end_line if covered else 0
        if found.start_line <= above + 1 + PREAMBLE_LINES:
            covered.append(found._replace(start_line=above + 1))
        else:
            covered += [Chunk(above + 1, found.start_line - 1, "output"), found]
    if covered[-1].end_line < line_count:
        covered.append(Chunk(covered[-1].end_line + 1, line_count, "output"))
    return covered
