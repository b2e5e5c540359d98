"""What a language's query found in a file, sorted: definitions with their names, docs, comments above, members."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from wherein.chunking.passage import RECOVERED
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from wherein.chunking.passage import Passage, Reading
    from wherein.chunking.source import Source
    from wherein.languages.registry import Language

SCOPE = "scope"
"""Kind of what only qualifies names: no chunk of its own."""
REST_SCOPE = "scope.rest"
"""The same for what follows the node up to the end of what encloses it: a declaration such as `namespace A.B;`."""
_DEFINITION = "definition."
_ALSO_ABOVE = (b"//", b"/*", b"#", b"@", b"--", b"{-")
"""How a further comment or attribute on a row begins."""


@dataclass(slots=True)
class Found:
    """One definition node with what its matches said."""

    pattern: int
    node: Node | Passage
    last: Node | Passage
    """where it ends: the node itself, or the sibling that closes it"""
    kind: str
    names: dict[tuple[int, int], int]
    """byte ranges of its names, in order, and their rows"""
    qualifier: Node | Passage | None
    further: list[tuple[int, str]] = field(default_factory=list)
    """(row, name) of what several nodes make a name"""


def sort_matches(
    matches: Reading, source: Source, language: Language
) -> tuple[list[Found], list[Node | Passage], dict[int, tuple[int, bool]], list[Node | Passage]]:
    """Definitions by position, docs, what stands on rows of its own above definitions (last row → first row, whether
    a comment), members."""
    found: dict[tuple[int, int], Found] = {}
    docs: list[Node | Passage] = []
    members: list[Node | Passage] = []
    above: dict[int, tuple[int, bool]] = {}
    followed: set[int] = set()
    for pattern, captures in matches:
        if (comment := captures.get("comment") or captures.get("attribute")) is not None:
            node = comment[0]
            row, column = node.start_point
            if source.begins_its_row(node.start_byte, column):
                above[_last_row(node)] = (row, "comment" in captures)
            if _is_followed(node, source):
                followed.add(node.end_point[0])
            continue
        if "doc" in captures:
            docs += captures["doc"]
        if "member" in captures:
            members += captures["member"]
        names = captures.get("name", ())
        for capture, nodes in captures.items():
            if capture.startswith((_DEFINITION, SCOPE)):
                node = nodes[0]
                span = (node.start_byte, node.end_byte)
                known = found.get(span)
                if known is None or pattern < known.pattern:
                    qualifier = captures.get("qualifier")
                    until = pattern < RECOVERED and language.query.pattern_settings(pattern).get("until")
                    known = found[span] = Found(
                        pattern,
                        node,
                        _closing_sibling(node, until) if until else node,
                        capture.removeprefix(_DEFINITION),
                        {},
                        qualifier[0] if qualifier else None,
                    )
                if pattern == known.pattern:
                    for name in names:
                        end = captures.get("name.end", (name,))[0]
                        known.names[(name.start_byte, end.end_byte)] = name.start_point[0]
                    if "name.argument" in captures:
                        parts = [*names, *captures.get("name.more", ())]
                        texts = [source.text(part.start_byte, part.end_byte) for part in parts]
                        known.further = [(names[0].start_point[0], "".join(f"{text}:" for text in texts))]
    for row in followed:
        above.pop(row, None)
    ordered = sorted(found.items(), key=lambda entry: (entry[0][0], -entry[0][1]))
    return _named_once(item for _, item in ordered), docs, above, members


def _is_followed(node: Node | Passage, source: Source) -> bool:
    """Whether code follows on its last row: `@Input() name = "";` is not about what stands below."""
    end = source.data.find(b"\n", node.end_byte)
    rest = source.data[node.end_byte : end if end >= 0 else None].lstrip()
    return bool(rest) and node.end_point[1] > 0 and not rest.startswith(_ALSO_ABOVE)


def _last_row(node: Node | Passage) -> int:
    """Where it ends, without a row of which it only has the beginning."""
    last, column = node.end_point
    return last - 1 if column == 0 and last > node.start_point[0] else last


def _named_once(found: Iterable[Found]) -> list[Found]:
    """Without those that have no name of their own: an outer one has it."""
    taken: set[tuple[int, int]] = set()
    kept = []
    for item in found:
        if not item.names or not taken.issuperset(item.names):
            taken.update(item.names)
            kept.append(item)
    return kept


def _closing_sibling(node: Node | Passage, until: str) -> Node | Passage:
    """The next sibling whose text is `until`; the node itself where there is none."""
    sibling = node.next_named_sibling
    while sibling is not None and sibling.text != until.encode():
        sibling = sibling.next_named_sibling
    return sibling or node
