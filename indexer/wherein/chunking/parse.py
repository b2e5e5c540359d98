"""Parsing and querying within bounds, so that no input is slow."""

from __future__ import annotations

import re
from time import thread_time
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

    from wherein.languages.registry import Language

Match: TypeAlias = "tuple[int, dict[str, list[Node]]]"

LEAST_SECONDS = 0.25
SECONDS_PER_BYTE = 1e-6
"""Processor time for parsing: some ten times what code takes (5 to 15 MB/s) where it is worst."""
READ_BYTES = 65_536
PENDING_MATCHES = 4_096
"""Matches that a query may have begun at once; deep nesting would begin very many."""
MOST_TOKENS = 10_000
"""Brackets and the like in a row. Only broken code has them, and a query's time is quadratic in their number: 0.1 s for
so many, 6 s for 100,000."""
UNCLOSED_ANGLES = 500
"""Only what has so many more `<` than `>` is searched for the following."""
_OPEN_GENERICS = re.compile(rb"(?:\b\w+\s*<\s*){200}")
"""`a<a<a<…`, on which the C# and Java parsers take quadratic memory in a single step: 50,000 of them exhaust any
machine before a deadline is looked at."""


class OutOfTime(Exception):
    """A file takes, or would take, far longer than code ever does."""


def parse(data: bytes, language: Language) -> Tree:
    """The syntax tree. Raises OutOfTime: 2 kB can keep a parser busy for minutes, so nothing is too short to watch."""
    from tree_sitter import Parser

    parser = Parser(language.loaded_grammar)
    if data.count(b"<") - data.count(b">") > UNCLOSED_ANGLES and _OPEN_GENERICS.search(data):
        raise OutOfTime
    deadline = _deadline(data)

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + READ_BYTES]

    def give_up(_: int, __: bool) -> bool:
        return thread_time() > deadline

    try:
        return parser.parse(read, progress_callback=give_up)
    except ValueError as error:
        raise OutOfTime from error


def matches(tree: Tree, query: Query) -> list[Match]:
    """What a language's query finds in the tree, in the order of the text. Raises OutOfTime."""
    from tree_sitter import QueryCursor

    # A query cannot be watched: a progress callback on it ends the process (py-tree-sitter 0.26.1 keeps a pointer to it
    # that dangles).
    if _is_flat(tree.root_node):
        raise OutOfTime
    return QueryCursor(query, match_limit=PENDING_MATCHES).matches(tree.root_node)


def _is_flat(root: Node) -> bool:
    """Whether a node has very many more tokens than named children."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.descendant_count <= MOST_TOKENS:
            continue
        if node.child_count - 2 * node.named_child_count > MOST_TOKENS:
            return True
        pending += node.children
    return False


def _deadline(data: bytes) -> float:
    return thread_time() + LEAST_SECONDS + SECONDS_PER_BYTE * len(data)
