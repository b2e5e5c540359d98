"""What a conversation's earlier answers were based on, as it is in the index now."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wherein_server.explain.context import Snippet
from wherein_server.explain.conversation import Exchange
from wherein_server.explain.snippets import snippet

if TYPE_CHECKING:
    from wherein.index import Index

MOST_EARLIER = 16
"""Snippets: a window that holds more has room for what a new search finds as well."""

MOST_FILES = 40
"""Files that are looked up, whatever a client sends."""


def earlier(index: "Index", history: Sequence[Exchange]) -> Iterator[Snippet]:
    """Those of the latest answer first, in its order. Nothing but chunks of the index: lines that are not in it, or no
    more, are left out."""
    shown: set[tuple[str, int]] = set()
    looked_up: set[str] = set()
    for exchange in reversed(history):
        for source in exchange.sources:
            if len(shown) >= MOST_EARLIER or len(looked_up) >= MOST_FILES:
                return
            looked_up.add(source.path)
            for hit in index.chunks(source.path):
                overlaps = hit.start_line <= source.end_line and source.start_line <= hit.end_line
                if overlaps and (hit.path, hit.start_line) not in shown:
                    shown.add((hit.path, hit.start_line))
                    yield snippet(hit, "earlier")
