"""The most valuable snippets that fit a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wherein_server.explain.estimate import TOKENS_PER_SNIPPET, estimate_tokens
from wherein_server.explain.rendering import rendered

if TYPE_CHECKING:
    from wherein_server.explain.context import Snippet

TARGET_SHARE = 0.6
"""Of the budget, for the definition that is explained: what it calls and who calls it must have room beside it."""

OTHER_SHARE = 0.25
"""Of the budget, for any other snippet."""

LEAST_LINES = 3
"""A snippet shortened to fewer lines says nothing."""


LONGEST_LINE = 1_000
"""Characters of a line that is shown; what is longer is data, or was written by no person."""

FEWEST_CHARACTERS = 200
"""Of the first snippet, which is there whatever the budget is."""


def pack(material: Sequence[Snippet], budget_tokens: int) -> tuple[Snippet, ...]:
    """What fits, numbered from 1. A snippet that is too long for its share keeps its head and the lines around its
    focus; the first one is always there, however little of it."""
    packed: list[Snippet] = []
    left = budget_tokens
    for snippet in map(_with_short_lines, material):
        share = TARGET_SHARE if snippet.role == "definition" else OTHER_SHARE
        fitted = _fit(snippet, min(left, int(budget_tokens * share)))
        if fitted is None and not packed:
            fitted = _beginning(_cut(snippet, 1), budget_tokens)
        if fitted is not None:
            packed.append(replace(fitted, n=len(packed) + 1))
            left -= _tokens(fitted)
    return tuple(packed)


def _tokens(snippet: Snippet) -> int:
    """Estimated, from above, of all that a snippet takes: its heading, its names and its fences too."""
    return max(
        estimate_tokens(snippet.text) + TOKENS_PER_SNIPPET, estimate_tokens(f"{rendered(snippet)}\n\n[00]")
    )


def _with_short_lines(snippet: Snippet) -> Snippet:
    lines = snippet.text.split("\n")
    if max(map(len, lines)) <= LONGEST_LINE:
        return snippet
    cut = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …" for line in lines]
    return replace(snippet, text="\n".join(cut), whole=False)


def _beginning(snippet: Snippet, tokens: int) -> Snippet:
    """As much of one line as takes no more than `tokens`."""
    size = len(snippet.text)
    while size > FEWEST_CHARACTERS and _tokens(snippet) > tokens:
        size = max(size * 3 // 4, FEWEST_CHARACTERS)
        snippet = replace(snippet, text=f"{snippet.text[:size]} …", whole=False)
    return snippet


def _fit(snippet: Snippet, tokens: int) -> Snippet | None:
    """The snippet, shortened where it must be; None if too little would remain."""
    if _tokens(snippet) <= tokens:
        return snippet
    fewest, most = LEAST_LINES, snippet.end_line - snippet.start_line
    best = None
    while fewest <= most:  # the more lines, the more tokens
        middle = (fewest + most) // 2
        candidate = _cut(snippet, middle)
        if _tokens(candidate) <= tokens:
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
