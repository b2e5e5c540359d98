"""Parsing and querying within bounds, so that no input is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from wherein.languages.registry import Language

Match: TypeAlias = "tuple[int, dict[str, list[Node]]]"

CALLS_PER_BYTE = 0.25
"""The parser calls back every hundred operations: about once in 150 bytes of sound code, and 30 times as often, more
than this, where it no longer recovers from errors. Counted in operations, not seconds, so that a file is cut alike on
every machine."""
LEAST_CALLS = 2_000
UNWATCHED_BYTES = 30_000
"""Watching costs 15 to 50 % of the time; what is shorter cannot take long."""
PENDING_MATCHES = 4_096
"""Matches that a query may have begun at once; deep nesting would begin very many."""


def parse(data: bytes, language: Language) -> Tree | None:
    """The syntax tree; None where parsing takes far longer than code ever does."""
    from tree_sitter import Parser

    parser = Parser(language.tree_sitter)
    if len(data) < UNWATCHED_BYTES:
        return parser.parse(data)
    calls_left = LEAST_CALLS + int(len(data) * CALLS_PER_BYTE)

    def read(offset: int, _: object) -> bytes:
        return data[offset : offset + UNWATCHED_BYTES]

    def give_up(_: int, __: bool) -> bool:
        nonlocal calls_left
        calls_left -= 1
        return calls_left < 0

    try:
        return parser.parse(read, progress_callback=give_up)
    except ValueError:
        return None


def matches(tree: Tree, language: Language) -> list[Match]:
    """What the language's query finds in the tree, in the order of the text."""
    from tree_sitter import QueryCursor

    return QueryCursor(language.query, match_limit=PENDING_MATCHES).matches(tree.root_node)
