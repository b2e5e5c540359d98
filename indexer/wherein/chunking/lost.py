"""Definitions in lines that no parser understood, recognised by how they begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from wherein.chunking.inline import Inline, inline_of
from wherein.chunking.passage import RECOVERED, Passage, cut_before, defined, names, span
from wherein.chunking.placed_text import PlacedText
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from tree_sitter import Node

    from wherein.chunking.passage import Reading
    from wherein.chunking.source import Source
    from wherein.languages.recovery import Recovery

HEAD_ROWS = 12
"""How many rows below its first one, at the same indentation, may still be the head of a definition."""


_FUNCTIONS = frozenset(f"definition.{kind}" for kind in ("function", "method", "constructor"))
_SWALLOWERS = _FUNCTIONS | {f"definition.{kind}" for kind in ("class", "struct", "enum")}
"""Kinds whose insides are indented; what is not, does not belong to them."""
_GOES_ON = re.compile(
    r"\{|#|\}[ \t]*(?:else|catch|finally|while)\b|(?:public|private|protected|signals|Q_\w+)\b[\w \t]*:"
)
_HEAD_GOES_ON = re.compile(r"[(\[)\]:,]")
"""How lines at a definition's own indentation begin that do not end it: all, and those of its head."""
_CLOSES = re.compile(r"[})\]]|(?:end|fi|done|esac)\b")
"""How the last one begins."""
_OPENS = re.compile(r"[{;]|\b(?:do|then)\s*$")
"""What ends a head."""


@dataclass(slots=True)
class _Head:
    """Where a definition begins, and its name: rows, and characters in them."""

    row: int
    column: int
    kind: str
    name_row: int
    name_start: int
    name_stop: int
    last: int
    """the last row that it may reach"""


@dataclass(slots=True)
class _Known:
    """Something that was found: its rows, its column, its place in the reading."""

    row: int
    last: int
    column: int
    place: int
    capture: str
    name: str
    """which a function and what wraps it have in common"""
    node: Node | Passage


def with_lost_definitions(
    source: Source,
    unmasked: bytes,
    found: Reading,
    unread: Sequence[tuple[int, int]],
    halves: Sequence[tuple[int, int]],
    recovery: Recovery,
    quoted: AbstractSet[int] = frozenset(),
) -> Reading:
    """What was found, and what looks like a definition in bytes that were not understood. What encloses such a one
    though it is indented no deeper had swallowed it, and ends before.

    `unmasked` is the text without its macros, `unread` and `halves` are (start, stop) of bytes in it. A half is an
    alternative to what is understood. Rows that are `quoted` define nothing, and end nothing.
    """
    if not recovery.heads or not (unread or halves):
        return found
    text = PlacedText(unmasked.decode("utf-8", "replace"))
    last_row = len(source.lines) - 1
    known = {span(node) for _, captures in found for node in names(captures)}
    comments = _comment_rows(found, source) | quoted
    heads: dict[int, _Head] = {}
    inline: list[Inline] = []
    for stretches, bounded in ((unread, False), (halves, True)):
        for start, stop in stretches:
            first = bisect_right(text.bytes_, start) - 1
            last = min(bisect_right(text.bytes_, max(start, stop - 1)) - 1, last_row)
            for row in range(first, last + 1):
                if row in heads or row in comments:
                    continue
                inline += inline_of(text, row, recovery)
                head = _head(text, row, recovery, last if bounded else last_row)
                if head is not None and _name(text, head) not in known:
                    heads[row] = head
    swallowers = _FUNCTIONS if recovery.flat else _SWALLOWERS
    named = known | {_name(text, head) for head in heads.values()}
    within = heads.keys() | {node.start_point[0] for _, node in _definitions(found)}
    members = [
        (RECOVERED, each.captures(as_definition=each.name.start_point[0] in within))
        for each in inline
        if span(each.name) not in named
    ]
    return _added(
        [*found, *members],
        sorted(heads.values(), key=lambda head: head.row),
        text,
        last_row,
        swallowers,
        quoted,
    )


def _definitions(found: Reading) -> Iterator[tuple[str, Node | Passage]]:
    return (known for _, captures in found if (known := defined(captures)) is not None)


def _comment_rows(found: Reading, source: Source) -> set[int]:
    rows: set[int] = set()
    for _, captures in found:
        for node in captures.get("comment", ()):
            row, column = node.start_point
            if not source.begins_its_row(node.start_byte, column):
                row += 1
            rows.update(range(row, node.end_point[0] + (node.end_point[1] > 0)))
    return rows


def _head(text: PlacedText, row: int, recovery: Recovery, last: int) -> _Head | None:
    at = text.characters[row]
    for kind, pattern in recovery.heads:
        match = pattern.match(text.whole, at)
        if match is None or match.lastindex is None:
            continue
        start, stop = match.span(match.lastindex)
        name_row = bisect_right(text.characters, start) - 1
        begin = text.characters[name_row]
        if match[match.lastindex].encode() in recovery.words or name_row > last:
            continue
        line = text.lines[row]
        column = len(line) - len(line.lstrip())
        return _Head(row, column, kind, name_row, start - begin, stop - begin, last)
    return None


def _name(text: PlacedText, head: _Head) -> tuple[int, int]:
    return text.byte(head.name_row, head.name_start), text.byte(head.name_row, head.name_stop)


def _added(
    found: Reading,
    heads: Sequence[_Head],
    text: PlacedText,
    last_row: int,
    swallowers: frozenset[str],
    quoted: AbstractSet[int],
) -> Reading:
    """What was found and these. What encloses something that is indented no deeper ends before it."""
    made = list(found)
    around: list[_Known] = []
    """what encloses the current row, outermost first"""
    known = _by_row(found)
    place = 0

    def ends_before(row: int, column: int, swallowers: frozenset[str]) -> None:
        inside = []
        for each in around:
            if each.last < row:
                continue
            if each.capture in swallowers and each.row < row and column <= each.column:
                pattern, captures = made[each.place]
                ended = cut_before(each.node, text.bytes_[row], row)
                made[each.place] = (pattern, {**captures, each.capture: [ended]})
            else:
                inside.append(each)
        around[:] = inside

    def read_known(row: int) -> None:
        nonlocal place
        while place < len(known) and known[place].row <= row:
            each = known[place]
            place += 1
            if each.capture in swallowers and all(each.name != other.name for other in around):
                ends_before(each.row, each.column, _FUNCTIONS)
            around.append(each)

    for at, head in enumerate(heads):
        read_known(head.row)
        last = head.last
        if last == last_row:
            ends_before(head.row, head.column, swallowers)
        around = [each for each in around if each.last >= head.row]
        name = text.passage(head.name_row, head.name_start, head.name_row, head.name_stop)
        word = text.lines[head.name_row][head.name_start : head.name_stop]
        if last < last_row and any(word == each.name for each in around):
            continue
        if at + 1 < len(heads) and heads[at + 1].column <= head.column:
            last = min(last, heads[at + 1].row - 1)
        last = min([last, *(each.last for each in around)])
        end = max(_last_row(text.lines, head.row, last, quoted), head.name_row)
        whole = text.passage(head.row, head.column, end, len(text.lines[end]))
        made.append((RECOVERED, {f"definition.{head.kind}": [whole], "name": [name]}))
    read_known(last_row)
    return made


def _by_row(found: Reading) -> list[_Known]:
    """What is defined, by row, outer ones first."""
    rows = []
    for place, (_, captures) in enumerate(found):
        if (known := defined(captures)) is not None:
            capture, node = known
            word = next(((each.text or b"").decode("utf-8", "replace") for each in names(captures)), "")
            row, column = node.start_point
            last, last_column = node.end_point
            rows.append(_Known(row, last - (last_column == 0), column, place, capture, word, node))
    return sorted(rows, key=lambda each: (each.row, each.column, -each.node.end_byte))


def _last_row(lines: Sequence[str], row: int, last: int, quoted: AbstractSet[int]) -> int:
    """Where a definition that begins on a row ends, told by indentation and closing words; at most `last`. How far
    rows that are `quoted` are indented tells nothing."""
    indentation = len(lines[row]) - len(lines[row].lstrip())
    opened = _OPENS.search(lines[row]) is not None
    end = row
    for here in range(row + 1, last + 1):
        line = lines[here]
        content = line.lstrip()
        if not content:
            continue
        if here in quoted or len(line) - len(content) > indentation:
            end = here
        elif len(line) - len(content) < indentation and content[0] != "#":
            break
        elif content[0] == "#":
            continue
        elif _GOES_ON.match(content) or (not opened and _HEAD_GOES_ON.match(content)):
            end = here
        elif _CLOSES.match(content):
            return here
        elif opened or here - row > HEAD_ROWS:
            break
        else:
            end = here
        opened = opened or _OPENS.search(line) is not None
    return end
