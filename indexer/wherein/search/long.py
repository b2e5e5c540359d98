"""Long questions: the text of an issue, a log, a review comment.

What such a text is about is in its title, in the names that it mentions, and somewhere in the rest. Each of these is a
reading that is searched and ranked on its own; `fusion.py` joins their orders.
"""

from dataclasses import replace

from wherein import tokens
from wherein.errors import NothingToLookFor
from wherein.search.query import MOST_TOKENIZED, Query, part_of, shortened

WHOLE, TITLE, TITLE_AND_NAMES, NAMES = "whole_text", "title", "title_and_names", "names"
"""The readings, by their names in a hit's parts."""

MOST_NAMES = 12
"""Of a reading, those in the title first. A text that names more just lists them."""

LEAST_PROSE = 20
"""Words. A text with less prose is read with the code that is pasted in it."""


def readings(query: Query) -> dict[str, Query]:
    """The query itself; for a long one also its prose, its title, its title with the names in it, and these names
    alone. What a long text quotes is not a condition, and only its title may ask for tests."""
    if query.told is None:
        return {WHOLE: query}
    prose = query.told.prose
    enough = len(tokens.words(shortened(prose, MOST_TOKENIZED))) >= LEAST_PROSE
    read = (_part(query, prose) if enough else None) or query
    whole = replace(query, phrases=(), words=read.words, terms=read.terms, synonyms=read.synonyms)
    whole = replace(whole, compounds=read.compounds, names=read.names, kinds=read.kinds, intents=read.intents)
    found: dict[str, Query | None] = {WHOLE: whole, TITLE: _part(query, query.title)}
    if query.names:
        names = " ".join(f"`{name}`" for name in query.names[:MOST_NAMES])
        found[TITLE_AND_NAMES] = _part(query, f"{query.title} {names}")
        found[NAMES] = _part(query, names)
    return {name: part for name, part in found.items() if part is not None}


def _part(query: Query, text: str) -> Query | None:
    """A part of it; None where nothing in that can be looked for: a name, or a first line, may be too long for a
    word."""
    try:
        return part_of(query, text)
    except NothingToLookFor:
        return None
