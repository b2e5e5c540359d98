"""If a grammar finds errors in a file, the file is read a second time, and then by lines.

What a grammar cannot read must not swallow what follows. Where the tree has errors and the language says how
(`recovery` in its .toml), the text is parsed once more with what confuses made blank: macros where a grammar takes them
for something else, halves of conditionals that split a brace. Bytes and lines stay where they are, so that both
readings can be joined: the one that leaves less unread goes before, and of the other is added what it alone has found.
What neither could read is searched for definitions line by line (`lost`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from wherein.chunking.conditionals import without_split_conditionals
from wherein.chunking.lost import with_lost_definitions
from wherein.chunking.parse import matches, parse
from wherein.chunking.passage import RECOVERED, Passage, cut_before, defined, names, span
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from wherein.chunking.passage import Captures, Reading
    from wherein.chunking.source import Source
    from wherein.languages.recovery import Recovery, Rule
    from wherein.languages.registry import Language

LONGEST_BLANKED = 1_000
"""Bytes. What would blank more at once has misunderstood the text."""

MOST_UNREAD = 0.02
"""The share of a text with blanks that may be unread for it to be read alone, where the plain text is sure to be read
worse. Half of abseil-cpp's files need one parse for two so; nothing of what ctags lists is found less."""

_LINE_END = 10
_NO_LINE_END = re.compile(rb"[^\n]")
_WORD = re.compile(rb"\S+")

_TEXTS = ("string", "heredoc", "template", "sigil")
"""What stands in the names of nodes for strings, in any grammar."""
_LONG_QUOTES = (b'"""', b"'''")

UNREAD = "unread"
"""The capture on what a grammar reads without an error, but wrongly."""


@dataclass(slots=True)
class _Parsed:
    root: Node
    found: Reading
    unread: list[Node | Passage]
    """ERROR and MISSING nodes, outermost ones, and what the query captures as `@unread`"""

    @property
    def rank(self) -> tuple[int, int]:
        """The lower, the better."""
        return sum(node.end_byte - node.start_byte + 1 for node in self.unread), -len(self.found)


def read(source: Source, language: Language) -> tuple[Node | Passage, Reading]:
    """The root of the better tree, and what is found in the file."""
    recovery = language.second_reader
    bodies = frozenset(recovery.bodies if recovery else ())
    masked: _Masked | None = None
    second: _Parsed | None = None
    if recovery is not None and recovery.stumbles is not None and recovery.stumbles.search(source.data):
        masked = _masked(source.data, recovery)
        second = masked.parsed(language, recovery)
        if second.rank[0] <= MOST_UNREAD * len(masked.data):
            return second.root, _searched(second, second.found, source, masked, recovery)
    first = _parsed(source.data, language, bodies)
    if not first.unread or recovery is None:
        return first.root, first.found
    first.found = [*_named(first.found, source.data, recovery.words)]
    masked = masked or _masked(source.data, recovery)
    best = first
    found: Reading = first.found
    if masked.data != source.data:
        second = second or masked.parsed(language, recovery)
        first.found = [*_named(first.found, source.data, recovery.words, masked.unmasked)]
        best, other = (second, first) if second.rank < first.rank else (first, second)
        found = _joined(best.found, other.found)
    return best.root, _searched(best, found, source, masked, recovery)


def read_lines(source: Source, language: Language) -> tuple[Node | Passage, Reading]:
    """The same of a text that no parser bears: all of it, and what its lines begin."""
    recovery = language.second_reader
    root = Passage(0, len(source.data), (0, 0), (len(source.lines) - 1, 0))
    if recovery is None:
        return root, []
    unmasked, _ = _blanked(source.data, recovery.rules)
    return root, with_lost_definitions(source, unmasked, [], [(0, len(source.data))], [], recovery)


def _searched(best: _Parsed, found: Reading, source: Source, masked: _Masked, recovery: Recovery) -> Reading:
    """What was found, and what lies in that which was not understood."""
    stretches = [span(node) for node in map(_around, best.unread)]
    quoted: set[int] = set()
    if recovery.astray and stretches:
        quoted, doubtful = _quoted(best.root, source.data)
        stretches = [(min(doubtful, *stretches)[0], len(source.data))]
    return with_lost_definitions(source, masked.unmasked, found, stretches, masked.halves, recovery, quoted)


class _Masked(NamedTuple):
    """A text for a second parse."""

    unmasked: bytes
    """without its macros"""
    data: bytes
    """also without one half of split conditionals"""
    halves: list[tuple[int, int]]
    """those halves: (start, stop) of bytes"""
    names: list[tuple[str, Passage]]
    """what is blank in it and counts all the same, with what a query would capture it as"""

    def parsed(self, language: Language, recovery: Recovery) -> _Parsed:
        """What the second parse finds."""
        second = _parsed(self.data, language, frozenset(recovery.bodies))
        names = [(RECOVERED, {capture: [blank]}) for capture, blank in self.names]
        second.found = [*_named(second.found, self.data, recovery.words), *names]
        return second


def _masked(data: bytes, recovery: Recovery) -> _Masked:
    unmasked, spans = _blanked(data, recovery.rules)
    names = _passages(data, spans)
    if not recovery.conditionals:
        return _Masked(unmasked, unmasked, [], names)
    return _Masked(unmasked, *without_split_conditionals(unmasked), names)


def _parsed(data: bytes, language: Language, bodies: frozenset[str]) -> _Parsed:
    tree = parse(data, language)
    found: Reading = matches(tree, language.query)
    if (
        tree.root_node.has_error
    ):  # a name that the parser made up, for the sake of what follows, takes no bytes
        found = [match for match in found if all(map(_has_bytes, names(match[1])))]
    unread: list[Node | Passage] = list(_unread(tree.root_node, bodies))
    for _, captures in found:
        unread += captures.get(UNREAD, ())
    return _Parsed(tree.root_node, found, unread)


def _has_bytes(node: Node | Passage) -> bool:
    return node.start_byte < node.end_byte


def _unread(root: Node, bodies: frozenset[str]) -> Iterator[Node]:
    """The outermost nodes that were not understood. Within a line of a function's body and the like that hides
    nothing: where braces are wrong, more than a line is."""
    pending = [(root, False)]
    while pending:
        node, in_body = pending.pop()
        if node.is_error or node.is_missing:
            if not in_body or node.start_point[0] != node.end_point[0] or node.type == "}":
                yield node
        elif node.has_error:
            in_body = in_body or node.type in bodies
            pending += [(child, in_body) for child in node.children if child.has_error or child.is_missing]


def _quoted(root: Node, data: bytes) -> tuple[set[int], tuple[int, int]]:
    """The rows that begin within a string of several lines; and the first one in plain quotes, which beside an error
    may as well be code behind a quote that was misread."""
    rows: set[int] = set()
    doubtful = (len(data), len(data))
    pending = [(root, False)]
    while pending:
        node, unsure = pending.pop()
        if any(word in node.type for word in _TEXTS) and not node.has_error:
            begins = data[node.start_byte : node.start_byte + 3]
            if unsure or (begins[:1] in b"\"'" and begins not in _LONG_QUOTES):
                doubtful = min(doubtful, span(node))
            else:
                rows.update(range(node.start_point[0] + 1, node.end_point[0] + 1))
        else:
            inner = [child for child in node.children if child.start_point[0] < child.end_point[0]]
            pending += [(child, node.is_error) for child in inner]
    return rows, doubtful


def _around(node: Node | Passage) -> Node | Passage:
    """What has to be looked at because of a node: of something missing, all that it is missing in."""
    return node.parent or node if not isinstance(node, Passage) and node.is_missing else node


def _blanked(data: bytes, rules: Sequence[Rule]) -> tuple[bytes, list[tuple[str, int, int]]]:
    """The bytes with the groups of each rule made blank where it fits, one rule after the other; the first group
    reads otherwise where the rule says how. And what counts of it all the same: (capture, start, stop)."""
    data = b"\n" + data
    kept: list[tuple[str, int, int]] = []
    for rule in rules:
        if rule.holds and not any(word in data for word in rule.holds):
            continue
        made = None
        place = 0
        while match := rule.pattern.search(data, place):
            start, place = match.span()
            if start + 1 < place and data[start] == data[place - 1] == _LINE_END:
                place -= 1  # which the next line begins behind
            place += start == place
            for group in rule.groups:
                start, stop = match.span(group)
                if 0 < stop - start <= LONGEST_BLANKED:
                    if rule.capture == "member":
                        words = (word.span() for word in _WORD.finditer(data, start, stop))
                        kept += [(rule.capture, first - 1, last - 1) for first, last in words]
                    elif rule.capture:
                        kept.append((rule.capture, start - 1, stop - 1))
                    made = bytearray(data) if made is None else made
                    blank = _NO_LINE_END.sub(b" ", data[start:stop])
                    reads = rule.reads if group == 1 and len(rule.reads) <= len(blank) else b""
                    made[start:stop] = reads + blank[len(reads) :]
        if made is not None:
            data = bytes(made)
    return data[1:], kept


def _passages(data: bytes, kept: Sequence[tuple[str, int, int]]) -> list[tuple[str, Passage]]:
    """Stretches of a text as nodes."""
    if not kept:
        return []
    begins = [0, *(end.end() for end in re.finditer(rb"\n", data))]

    def point(at: int) -> tuple[int, int]:
        row = bisect_right(begins, at) - 1
        return row, at - begins[row]

    return [
        (capture, Passage(start, stop, point(start), point(stop), text=data[start:stop]))
        for capture, start, stop in kept
    ]


def _named(
    found: Reading, data: bytes, words: frozenset[bytes], also: bytes | None = None
) -> Iterator[tuple[int, Captures]]:
    """What was found, without what is named by a word of the language, or otherwise in the text `also`."""
    for pattern, captures in found:
        spans = [span(node) for node in names(captures)]
        if all(
            data[start:stop] not in words and (also is None or also[start:stop] == data[start:stop])
            for start, stop in spans
        ):
            yield pattern, captures


def _joined(found: Reading, further: Reading) -> Reading:
    """One reading, and of another what it alone has, which ends before what only the first one has."""
    known = _spans(found)
    theirs = _spans(further)
    only_here = sorted(
        (node[1].start_byte, node[1].start_point)
        for _, captures in found
        if (node := defined(captures)) and theirs.isdisjoint(map(span, names(captures)))
    )
    joined: list[tuple[int, Captures]] = list(found)
    for pattern, captures in further:
        named = names(captures)
        if named and known.isdisjoint(map(span, named)):
            joined.append((pattern, _ended(captures, only_here)))
    return joined


def _spans(reading: Reading) -> set[tuple[int, int]]:
    return {span(node) for _, captures in reading for node in names(captures)}


def _ended(captures: Captures, starts: Sequence[tuple[int, tuple[int, int]]]) -> Captures:
    found = defined(captures)
    if found is None:
        return captures
    capture, node = found
    place = bisect_right(starts, max(name.end_byte for name in names(captures)), key=lambda start: start[0])
    if place == len(starts) or starts[place][0] >= node.end_byte:
        return captures
    start, (row, column) = starts[place]
    return {**captures, capture: [cut_before(node, start - column, row)]}
