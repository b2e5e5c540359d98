"""Long questions: the text of an issue, a log, a comment of a review.

What such a text is about stands in its title, in the names that it mentions, and somewhere in the rest. Each of these
is a reading that is asked and ranked on its own; what several readings find comes first. (Reciprocal rank fusion:
G. Cormack, C. Clarke, S. Büttcher, SIGIR 2009.)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from wherein.search.pasted import PASTED
from wherein.search.query import Query, parse
from wherein.search.ranked import PLACE
from wherein.search.showing import Ranked
from wherein.store.protocol import Candidate

WHOLE, TITLE, TITLE_AND_NAMES, NAMES = "whole_text", "title", "title_and_names", "names"
"""The readings, by the names under which they stand in a hit's parts."""

MOST_NAMES = 12
"""Of a reading. A text that names more lists them."""

FLATTENING = 5
"""Added to each place before its reciprocal is taken. Bodies of commits as questions (196 of six repositories), a
changed line among the first ten: .521 by the whole text alone, .612 by all readings with 5, .569 with 20."""


def readings(query: Query) -> dict[str, Query]:
    """The query itself, and of a long one its title, that with the names it mentions, and these alone. What a long text
    quotes is no condition."""
    if not query.title:
        return {WHOLE: query}
    found = {WHOLE: replace(query, phrases=()), TITLE: _read(query.title, query)}
    if query.names:
        names = " ".join(f"`{name}`" for name in query.names[:MOST_NAMES])
        found[TITLE_AND_NAMES] = _read(f"{query.title} {names}", query)
        found[NAMES] = _read(names, query)
    return found


def _read(text: str, whole: Query) -> Query:
    return replace(parse(text), phrases=(), filters=whole.filters)


def wholly(reading: str, candidate: Candidate) -> float:
    """All readings count the same."""
    return 1.0


def fused(
    rankings: Sequence[tuple[str, Iterable[Ranked]]],
    share: Callable[[str, Candidate], float] = wholly,
) -> list[Ranked]:
    """One order of several; what stands at a place that the whole text names, or was pasted, comes before all else. The
    parts of a score are what each reading adds; `share` tells how much that of a candidate counts."""
    lists = {name: list(ranking) for name, ranking in rankings}
    first = [each for each in lists[WHOLE] if PLACE in each.parts or PASTED in each.parts]
    certain = {(each.origin, each.candidate.id) for each in first}
    found: dict[tuple[int, int | str], Ranked] = {}
    for name, ranking in lists.items():
        for place, each in enumerate(ranking, 1):
            key = each.origin, each.candidate.id
            if key not in certain:
                added = {name: share(name, each.candidate) / (FLATTENING + place)}
                known = found.get(key) or replace(each, parts={})
                found[key] = replace(known, parts=known.parts | added)
    rest = [replace(each, score=sum(each.parts.values())) for each in found.values()]
    rest.sort(key=lambda each: (-each.score, each.candidate.path, each.candidate.start_line))
    return first + rest
