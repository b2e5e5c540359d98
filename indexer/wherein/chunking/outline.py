"""The definitions of a file as a tree: who encloses whom, under which name, on which rows."""

from __future__ import annotations

from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING

from wherein.chunking.captures import REST_SCOPE, SCOPE, Found, sort_matches
from wherein.chunking.naming import clean_doc, clean_name, member_name, signature, split_name
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from wherein.chunking.passage import Passage, Reading
    from wherein.chunking.source import Source
    from wherein.languages.registry import Language

WHOLE_KINDS = frozenset({"function", "method", "constructor", "macro"})
"""Kinds that keep what is defined in them; all others are containers."""
CLASS_KINDS = frozenset({"class", "struct", "interface", "trait", "impl", "enum"})
"""A function directly inside one of these is a method."""
ROOT = "module"
DEEPEST = 40
"""Definitions nested deeper stay in what encloses them."""


@dataclass(frozen=True, slots=True, eq=False)
class Further:
    """A name that a definition has beside its own."""

    at: int
    """its first byte"""
    row: int
    name: str
    parent: Definition | None
    """what it is defined in; None if that is not known"""
    definition: Definition | None = None
    """what it names, where others may be defined in it"""


@dataclass(slots=True, eq=False)
class Definition:
    """A captured definition or scope; the root stands for the file."""

    node: Node | Passage
    """it; of several clauses, what encloses them"""
    kind: str
    name: str
    start: int
    """first row, decorators and comments above included"""
    end: int
    """last row, inclusive"""
    head: int = 0
    """first row without what stands above"""
    row: int = 0
    """that its name stands on"""
    at: int = 0
    """the first byte of its name"""
    parent: Definition | None = None
    depth: int = 0
    qualified_name: str = ""
    doc: str = ""
    signature: str = ""
    names: list[Further] = field(default_factory=list)
    """those that the same node defines, and those of what lies on the same rows"""
    shown_in: Definition | None = None
    """what has the same rows, and has its name beside its own"""
    rest: bool = False
    """whether it reaches beyond its node, as a REST_SCOPE does"""

    def as_further(self) -> Further:
        """Its name, for what it is a part of."""
        return Further(self.at, self.row, self.name, self.parent, self)

    def enclosing(self) -> Iterator[Definition]:
        """What it is defined in, the innermost first."""
        around = self.parent
        while around is not None:
            yield around
            around = around.parent

    @property
    def shown(self) -> Definition:
        """What has its rows: itself, or what is around it and has the same."""
        return self.shown_in or self

    @property
    def rows(self) -> int:
        """Its length."""
        return self.end - self.start + 1


@dataclass(slots=True)
class Outline:
    """A file's definitions in the order of the text, outer ones first."""

    root: Definition
    definitions: list[Definition]
    members: list[Further]
    """of each `@member`"""
    comments: set[int]
    """rows that hold nothing but a comment"""


def outline(root: Node | Passage, matches: Reading, source: Source, language: Language) -> Outline:
    """Arrange what a language's query found."""
    found, docs, above, member_nodes = sort_matches(matches, source, language)
    top = Definition(root, ROOT, "", 0, len(source.lines) - 1)
    definitions: list[Definition] = []
    stack = [(top, 0, len(source.data) + 1)]
    last_child: dict[int, Definition] = {}
    doc_at = 0
    docs.sort(key=lambda node: node.start_byte)
    for item in found:
        start_byte, end_byte = item.node.start_byte, item.last.end_byte
        while doc_at < len(docs) and docs[doc_at].start_byte < start_byte:
            _document(stack, docs[doc_at], source)
            doc_at += 1
        while stack[-1][2] < end_byte or stack[-1][2] <= start_byte:
            stack.pop()
        if item.kind == REST_SCOPE:
            item.kind = SCOPE
            while stack[-1][0].rest:
                stack.pop()
            end_byte = stack[-1][2]
        parent = stack[-1][0]
        if parent.depth == DEEPEST:
            continue
        definition = _define(item, parent, source, language)
        definition.rest = item.last.end_byte != end_byte
        if definition.head == parent.head and parent.kind not in (ROOT, SCOPE):
            if definition.end == parent.end:
                definition.start, definition.shown_in = parent.start, parent.shown
                parent.shown.names.append(definition.as_further())
                parent.shown.names += definition.names
                stack.append((definition, start_byte, end_byte))
                continue
            definition.start, definition.doc = parent.start, parent.doc
        else:
            previous = last_child.get(id(parent))
            definition.start = _first_row_above(definition, above, previous.end if previous else -1, source)
            if previous is not None and language.merge_clauses and _continues(definition, previous, source):
                previous.node = item.node.parent or previous.node
                previous.end = definition.end
                previous.doc = previous.doc or definition.doc
                stack.append((previous, start_byte, end_byte))
                continue
        last_child[id(parent)] = definition
        definitions.append(definition)
        stack.append((definition, start_byte, end_byte))
    for doc in docs[doc_at:]:
        _document(stack, doc, source)
    members = [
        Further(n.start_byte, n.start_point[0], member_name(source.text(n.start_byte, n.end_byte)), None)
        for n in member_nodes
    ]
    comments = {
        row for last, (first, is_comment) in above.items() if is_comment for row in range(first, last + 1)
    }
    return Outline(top, definitions, members, comments)


def _define(item: Found, parent: Definition, source: Source, language: Language) -> Definition:
    node, kind = item.node, item.kind
    start = node.start_point[0]
    end, end_column = item.last.end_point
    end = min(end, len(source.lines) - 1)
    if end_column == 0 and end > start:
        end -= 1
    while end > start and source.blank[end]:
        end -= 1
    texts = [source.text(*span) for span in item.names]
    qualifiers, name = split_name(texts[0], language) if texts else ([], "")
    if item.qualifier is not None:
        qualifiers.append(clean_name(source.text(item.qualifier.start_byte, item.qualifier.end_byte)))
    enclosing = qualifiers[-1] if qualifiers else parent.name
    if kind == "function" and parent.kind in CLASS_KINDS:
        kind = "method"
    if kind == "method" and (name in language.constructors or name == enclosing):
        kind = "constructor"
    if qualifiers and qualifiers[0] == parent.name:
        del qualifiers[0]
    rows = list(item.names.values()) or [start]
    places = [begin for begin, _ in item.names] or [node.start_byte]
    definition = Definition(
        node, kind, name, start, end, head=start, row=rows[0], at=places[0], parent=parent
    )
    definition.depth = parent.depth + 1
    definition.qualified_name = language.separator.join(
        part for part in (parent.qualified_name, *qualifiers, name) if part
    )
    definition.names = [
        Further(at, row, split_name(text, language)[1], parent)
        for at, row, text in zip(places[1:], rows[1:], texts[1:], strict=True)
    ]
    definition.names += [Further(places[0], row, name, parent) for row, name in item.further]
    name_end = next(iter(item.names), (0, 0))[1]
    definition.signature = signature(source.data, node.start_byte, name_end, node.end_byte)
    return definition


def _continues(definition: Definition, previous: Definition, source: Source) -> bool:
    """Whether it is a further clause of the function before it."""
    return (
        definition.kind == previous.kind
        and definition.kind in WHOLE_KINDS
        and (
            definition.qualified_name == previous.qualified_name
            or any(definition.name == each.name for each in previous.names)
        )
        and all(source.blank[previous.end + 1 : definition.start])
    )


def _first_row_above(
    definition: Definition, above: dict[int, tuple[int, bool]], sibling_end: int, source: Source
) -> int:
    """Where the comments and attributes begin that stand directly above; they become its doc as well."""
    parent = definition.parent
    assert parent is not None
    floor = max(sibling_end, parent.head if parent.parent is not None else -1) + 1
    row = definition.head
    comments: list[list[str]] = []
    """from below"""
    while (entry := above.get(row - 1)) is not None and entry[0] >= floor:
        if entry[1]:
            comments.append(source.lines[entry[0] : row])
        row = entry[0]
    if comments:
        definition.doc = clean_doc("\n".join(chain.from_iterable(reversed(comments))))
    return row


def _document(stack: list[tuple[Definition, int, int]], doc: Node | Passage, source: Source) -> None:
    """Give a `@doc` to the definition that it stands in."""
    for definition, _, end_byte in reversed(stack):
        if doc.start_byte < end_byte:
            definition = definition.shown
            definition.doc = definition.doc or clean_doc(source.text(doc.start_byte, doc.end_byte))
            return
