"""Parsing and querying.

Some inputs take gigabytes or hours: `wherein.parsing` has it done by a process that may be ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

    from wherein.languages.registry import Language

Match: TypeAlias = "tuple[int, dict[str, list[Node]]]"

PENDING_MATCHES = 4_096
"""Matches that a query may have begun at once; deep nesting would begin very many."""


def parse(data: bytes, language: Language) -> Tree:
    """The syntax tree."""
    from tree_sitter import Parser

    # Not by a callable: py-tree-sitter keeps all that it returns, in Lua 2 GB for 100 kB. A progress callback needs
    # one, and is not asked within a step; a query's ends the process (0.26.1 keeps a pointer to it that dangles).
    return Parser(language.loaded_grammar).parse(data)


def matches(tree: Tree, query: Query) -> list[Match]:
    """What a language's query finds in the tree, in the order of the text."""
    from tree_sitter import QueryCursor

    return QueryCursor(query, match_limit=PENDING_MATCHES).matches(tree.root_node)
