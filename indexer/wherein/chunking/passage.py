"""A stretch of a file that replaces a node of the syntax tree where there is none, or a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

Captures: TypeAlias = "Mapping[str, Sequence[Node | Passage]]"
Reading: TypeAlias = "Sequence[tuple[int, Captures]]"
"""What was found in a file: the matches of a query, with passages among the nodes."""

RECOVERED = 1 << 30
"""The pattern number of what no pattern of a query found."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Bytes start_byte..end_byte-1; a point is a row and a column in bytes, both from 0."""

    start_byte: int
    end_byte: int
    start_point: tuple[int, int]
    end_point: tuple[int, int]
    children: Sequence[Node] = field(default_factory=list)
    """nodes between which it may be cut"""
    text: bytes = b""
    parent: None = None
    next_named_sibling: None = None


def span(node: Node | Passage) -> tuple[int, int]:
    """Its bytes."""
    return node.start_byte, node.end_byte


def names(captures: Captures) -> Sequence[Node | Passage]:
    """The nodes that name what a match defines; none for comments and the like."""
    return captures.get("name") or captures.get("member") or ()


def defined(captures: Captures) -> tuple[str, Node | Passage] | None:
    """The capture of a definition or scope, with its node."""
    for capture, nodes in captures.items():
        if capture.startswith(("definition.", "scope")):
            return capture, nodes[0]
    return None


def cut_before(node: Node | Passage, row_start: int, row: int) -> Node | Passage:
    """The part of a node that ends before a row, which begins at byte `row_start`."""
    if row <= node.start_point[0]:
        return node
    return Passage(node.start_byte, row_start, node.start_point, (row, 0), node.children)
