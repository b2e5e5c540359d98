"""Phrases in double quotes: a condition, provided that something meets it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from wherein import tokens
from wherein.one_form import one_form
from wherein.store.protocol import Retrieval, Retrieved, Store

MOST_HOLDING = 300
"""Chunks that are looked at for the words of the phrases alone, beside those found for the whole query."""


def with_phrases(store: Store, request: Retrieval, found: Retrieved, phrases: Sequence[str]) -> Retrieved:
    """With the chunks that the words of the phrases alone find: among those of all words they may be missing."""
    terms = tuple(dict.fromkeys(tokens.terms(" ".join(phrases))))
    if not terms:
        return found
    more = store.retrieve(replace(request, terms=terms, names=(), limit=MOST_HOLDING)).candidates
    known = {each.id for each in found.candidates}
    return replace(found, candidates=found.candidates + [each for each in more if each.id not in known])


def met(phrases: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Those of the phrases that one text holds together (ignoring case and how blanks are written): the most of them,
    and in doubt those of the first text."""
    wanted = {phrase: normal(phrase) for phrase in phrases}
    held: Counter[tuple[str, ...]] = Counter()
    for text in map(normal, texts):
        held[tuple(phrase for phrase in phrases if wanted[phrase] in text)] += 1
    return max(held, key=len, default=())


def normal(text: str) -> str:
    """A text as phrases are compared with it."""
    return " ".join(one_form(text).split()).casefold()
