"""The most valuable snippets that fit a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wherein_server.explain.estimate import TOKENS_PER_SNIPPET, estimate_tokens

if TYPE_CHECKING:
    from wherein_server.explain.context import Snippet

TARGET_SHARE = 0.6
"""Of the budget, for the definition that is explained: what it calls and who calls it must have room beside it."""

OTHER_SHARE = 0.25
"""Of the budget, for any other snippet."""

LEAST_LINES = 3
"""A snippet shortened to fewer lines says nothing."""


def pack(material: Sequence[Snippet], budget_tokens: int) -> tuple[Snippet, ...]:
    """What fits, numbered from 1. A snippet that is too long for its share keeps its head and the lines around its
    focus; the first one is always there, however little of it."""
    packed: list[Snippet] = []
    left = budget_tokens
    for snippet in material:
        share = TARGET_SHARE if snippet.role == "definition" else OTHER_SHARE
        fitted = _fit(snippet, min(left, int(budget_tokens * share)) - TOKENS_PER_SNIPPET)
        if fitted is None and not packed:
            fitted = _cut(snippet, 1)
        if fitted is not None:
            packed.append(replace(fitted, n=len(packed) + 1))
            left -= estimate_tokens(fitted.text) + TOKENS_PER_SNIPPET
    return tuple(packed)


def _fit(snippet: Snippet, tokens: int) -> Snippet | None:
    """The snippet, shortened where it must be; None where too little would remain."""
    if estimate_tokens(snippet.text) <= tokens:
        return snippet
    fewest, most = LEAST_LINES, snippet.end_line - snippet.start_line
    best = None
    while fewest <= most:  # the more lines, the more tokens
        middle = (fewest + most) // 2
        candidate = _cut(snippet, middle)
        if estimate_tokens(candidate.text) <= tokens:
            best, fewest = candidate, middle + 1
        else:
            most = middle - 1
    return best


def _cut(snippet: Snippet, count: int) -> Snippet:
    """`count` consecutive lines with the focus in their middle, or the first ones."""
    lines = snippet.text.split("\n")
    focus = min(max(snippet.focus, snippet.start_line), snippet.end_line) - snippet.start_line
    first = max(0, min(focus - count // 2, len(lines) - count))
    if focus < count:
        first = 0
    kept = lines[first : first + count]
    start = snippet.start_line + first
    return replace(
        snippet,
        text="\n".join(kept),
        start_line=start,
        end_line=start + len(kept) - 1,
        whole=False,
    )
