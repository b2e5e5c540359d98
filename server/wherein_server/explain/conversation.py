"""What was asked and answered before: shown with a new question, within bounds, its citations renumbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass
from wherein_server.explain.citations import CitationFilter
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.explain.rendering import clean, words

if TYPE_CHECKING:
    from wherein_server.explain.context import Snippet

MOST_EXCHANGES = 6
"""The latest exchanges. A follow-up question hardly ever refers to anything earlier."""

LONGEST_QUESTION = 1_000
LONGEST_ANSWER = 4_000
"""Characters of each question, and of each answer."""

SHARE = 0.25
"""Of a prompt: code answers questions, not what was said about it."""

FEWEST_CHARACTERS = 200
"""A shorter piece of an answer says nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    """Lines of a file that an answer was based on."""

    n: int
    """its number in that answer"""
    path: str
    """POSIX, relative to the repository's root"""
    start_line: int
    end_line: int
    """1-based, inclusive"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, which may cite its sources by their numbers."""

    question: str
    answer: str
    sources: tuple[Source, ...] = ()


def bounded(history: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The latest exchanges, each cut to a length that is read."""
    return tuple(
        replace(
            each, question=_cut(each.question, LONGEST_QUESTION), answer=_cut(each.answer, LONGEST_ANSWER)
        )
        for each in history[-MOST_EXCHANGES:]
    )


def within(history: Sequence[Exchange], tokens: int) -> tuple[Exchange, ...]:
    """As many of the latest exchanges as fit into `tokens`, the last one shortened if necessary."""
    kept: list[Exchange] = []
    for each in reversed(history):
        left = tokens - tokens_of(kept)
        while tokens_of([each]) > left and len(each.answer) > FEWEST_CHARACTERS and not kept:
            each = replace(each, answer=_cut(each.answer, len(each.answer) * 3 // 4))
        if tokens_of([each]) > left:
            break
        kept.insert(0, each)
    return tuple(kept)


def tokens_of(history: Sequence[Exchange]) -> int:
    """An estimate, from above: citations only become shorter or disappear."""
    return estimate_tokens(told(history, ())) if history else 0


def told(history: Sequence[Exchange], snippets: Sequence[Snippet]) -> str:
    """The exchanges as the model reads them. Citations get the numbers of the snippets that are shown now; those of
    other snippets are removed."""
    shown = words()["earlier"]
    exchanges = [
        str(shown["exchange"]).format(
            question=clean(each.question),
            answer=clean(_renumbered(each, snippets) if snippets else each.answer),
        )
        for each in history
    ]
    return "\n\n".join([str(shown["intro"]), *exchanges])


def _renumbered(exchange: Exchange, snippets: Sequence[Snippet]) -> str:
    now = {
        source.n: n
        for source in exchange.sources
        if (n := next((each.n for each in snippets if _overlaps(each, source)), 0))
    }
    citations = CitationFilter(now, lambda n: f"[{now[n]}]")
    return citations.feed(exchange.answer) + citations.finish()


def _overlaps(snippet: Snippet, source: Source) -> bool:
    together = snippet.start_line <= source.end_line and source.start_line <= snippet.end_line
    return snippet.path == source.path and together


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} …"
