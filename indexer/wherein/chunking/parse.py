"""Parsing and querying.

Some inputs take gigabytes or hours: `wherein.parsing` has it done by a process that may be ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node, Query, Tree

    from wherein.languages.registry import Language

Match: TypeAlias = "tuple[int, dict[str, list[Node]]]"

PENDING_MATCHES = 256
"""Matches that a query may have begun at once, each of which is looked at for every node. No file of 32 repositories
in 19 languages needs more than 32."""

DEEPEST_NODE = 4_000
"""Levels of the tree below which nothing is looked for. tree-sitter counts them in 16 bits: what begins deeper than
65,535 levels never ends, and 200 kB of `a?b:` lines took Elixir's query 112 s, 1 MB hours (now 1 ms)."""

CROWD = 2_000
"""Children of one ERROR from which each is looked into by itself: beside each of them a query's cursor looks through
all that follow for a named one. 200 kB of `fn -> ` took Elixir's query 1.8 s, four times as long as half of it."""


def parse(data: bytes, language: Language) -> Tree:
    """The syntax tree."""
    from tree_sitter import Parser

    # Not by a callable: py-tree-sitter keeps all that it returns, in Lua 2 GB for 100 kB. A progress callback needs
    # one, and is not asked within a step. A query's crashes the process where it is asked often (0.26.1).
    return Parser(language.loaded_grammar).parse(data)


def matches(tree: Tree, query: Query) -> list[Match]:
    """What a language's query finds in the tree, in the order of the text. Of what encloses a crowd of tokens without
    sense only the rest is looked into."""
    from tree_sitter import QueryCursor

    cursor = QueryCursor(query, match_limit=PENDING_MATCHES)
    cursor.set_max_start_depth(DEEPEST_NODE)
    return [match for part in _parts(tree.root_node) for match in cursor.matches(part)]


def _parts(root: Node) -> list[Node]:
    """The tree without the nodes that are a crowd or enclose one."""
    if not root.has_error or root.end_byte < CROWD:
        return [root]
    pending = [(root, 0)]
    broken: list[tuple[Node, list[Node]]] = []
    """nodes in front of their children"""
    while pending:
        node, depth = pending.pop()
        children = node.children
        broken.append((node, children))
        if depth < DEEPEST_NODE:
            pending += [(child, depth + 1) for child in children if child.has_error and child.child_count]
    left_out: set[int] = set()
    parts: list[Node] = []
    for node, children in reversed(broken):
        if (node.is_error and len(children) > CROWD) or any(child.id in left_out for child in children):
            left_out.add(node.id)
            parts += [child for child in children if child.is_named and child.id not in left_out]
    return sorted(parts, key=lambda part: part.start_byte) if left_out else [root]
