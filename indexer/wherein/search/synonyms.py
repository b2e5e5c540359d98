"""What else a query's words may be called in code: abbreviations, and words of similar meaning."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from wherein import tokens
from wherein.packaged import files
from wherein.search.everyday import called

STRENGTH = {"forms": 0.4, "abbreviations": 0.5, "near": 0.25}
"""What an occurrence of the other word counts, by the table in synonyms.toml. Held out, functions: .644 without, .645
to .650 with abbreviations alone, .672 with near words too; files .846, .849, .851. With forms, weights kept: files
.8777 with .2, .8791 with .35, .8797 with .5; functions .744, .744, .743."""

PHRASE, WORD = 0.3, 0.2
"""The same for what code calls a phrase of several words, and for one word (everyday.toml)."""

MOST_SAID = 11
"""Words of a query whose phrases are read: a longer one has enough words of its own. Among the questions that may be
learnt from, 270 of this length gain .021 from what their phrases are called, 95 longer ones lose .004."""

MOST_SYNONYMS = 96
"""Of a query: each costs some 10 us of ranking."""


class Synonym(NamedTuple):
    """A term that counts for one of the query's terms."""

    of: int
    """which of the query's terms"""
    term: str
    strength: float
    """of an occurrence, beside 1 for the term itself"""
    looked_up: bool = False
    """whether chunks are looked up by it as well: those for a phrase may have none of the query's words"""


def synonyms_of(terms: Iterable[str], words: Sequence[str] = ()) -> tuple[Synonym, ...]:
    """The synonyms of all terms, in their order, then those of the phrases in a query's words; none that is a term of
    the query itself."""
    terms = tuple(terms)
    found = [
        Synonym(i, other, strength)
        for i, term in enumerate(terms)
        for other, strength in _table().get(term, {}).items()
        if other not in terms
    ]
    if len(words) <= MOST_SAID:
        found += _called(terms, words)
    return tuple(found[:MOST_SYNONYMS])


def _called(terms: tuple[str, ...], words: Sequence[str]) -> Iterable[Synonym]:
    """A synonym counts for a phrase as a whole: for each of its words that is a term."""
    places = {term: i for i, term in enumerate(terms)}
    for said, calls in called(words):
        strength = PHRASE if len(said) > 1 else WORD
        for place in [places[stem] for stem in dict.fromkeys(said) if stem in places]:
            yield from (Synonym(place, call, strength, True) for call in calls if call not in places)


@cache
def _table() -> dict[str, dict[str, float]]:
    data = tomllib.loads(files("wherein.search").joinpath("synonyms.toml").read_text("utf-8"))
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for name, strength in STRENGTH.items():
        for line in data[name].splitlines():
            group = list(dict.fromkeys(map(tokens.stem, line.split())))
            for term in group:
                for other in group:
                    if other != term:
                        table[term].setdefault(other, strength)
    return table
