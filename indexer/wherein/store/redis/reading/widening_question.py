"""A question to the search index, which is asked for more and more until enough of its answers may be shown.

The server knows nothing of views (`scope.py`), so that some of what it finds may not be shown. How much more is
asked for stands in `_steps` alone, and when it is enough in `Question.take`.
"""

from collections.abc import Callable, Iterator

from wherein.store.protocol import Retrieval
from wherein.store.redis.reading import query
from wherein.store.redis.reading.query import Found
from wherein.store.redis.reading.scope import Scope

DOUBLED = 2
"""This many times more is asked for first if too little of what was found may be shown."""

WIDENED = 8
"""This many times more is asked for each time that this was too little as well."""

MANY, ENOUGH = 40, 0.75
"""If so many or more candidates are wanted, this share is enough: asking again costs as much as the search, and the
last of them are hardly ever among the hits. Beside a writer of other versions of the same files, searches took 45 ms
(p95) instead of 76 with this and DOUBLED."""

EQUAL = 16
"""Answers asked for beyond a limit of less than MANY: if some score like the last one, the first by path and line are
taken, not those that were written first. With a larger limit, those that equal the last are dropped."""

LEXICAL, NEAREST = "lexical", "nearest"
"""Kinds of questions; any other is about a name."""

Arguments = tuple[object, ...]
"""Of FT.SEARCH."""


def wanted(request: Retrieval) -> int:
    """How many are asked for of what may be found."""
    return request.limit if request.limit >= MANY else request.limit + EQUAL


class Question:
    """One question, and what of its answers may be shown."""

    def __init__(
        self,
        make: Callable[[str, int], Arguments],
        kind: str,
        request: Retrieval,
        *,
        undirected: bool = False,
    ) -> None:
        """`make`: from condition and number to the arguments. `undirected`: it is about chunks without a vector."""
        self.kind = kind
        self.undirected = undirected
        self.found: list[Found] | None = None
        """what may be shown; None while that is too little"""
        self._make = make
        self._request = request
        self._asked = 0
        self._steps: Iterator[tuple[str, int]] | None = None

    def first(self, condition: str, number: int) -> Arguments:
        """What is asked to begin with."""
        self._asked = number
        return self._make(condition, number)

    def again(self, scope: Scope, named: Scope | None) -> Arguments:
        """What is asked next, as `_steps` says. TimeoutError if the server can be asked for no more."""
        if self._steps is None:
            self._steps = _steps(self._asked, wanted(self._request), scope, named)
        condition, self._asked = next(self._steps)
        return self._make(condition, self._asked)

    def take(self, answers: list[Found], scope: Scope) -> None:
        """Keep what may be shown, if that is enough or all there is."""
        limit = self._request.limit
        kept = [
            found for found in answers if found.payload is not None and scope.path(found.version) is not None
        ]
        enough = int(limit * ENOUGH) if limit >= MANY else limit
        if len(answers) >= self._asked and kept:  # there may be more that score like the last one
            better = [found for found in kept if self.value(found) > self.value(answers[-1])]
            if len(better) >= enough:
                kept = better
        self.found = kept if len(kept) >= enough or len(answers) < self._asked else None

    def value(self, found: Found) -> float:
        """The greater, the better it was found."""
        return -(found.distance or 0.0) if self.kind == NEAREST else found.score


def _steps(number: int, least: int, scope: Scope, named: Scope | None) -> Iterator[tuple[str, int]]:
    """After a question for `number`: conditions, and how many are asked for. Twice as many; then, where there is a
    scope that names the file versions, so that all answers may be shown, `least` of it; then ever more."""
    number *= DOUBLED
    yield scope.condition, number
    if named is not None:
        scope, number = named, least
        yield scope.condition, number
    while number < query.MOST_ASKED:
        number = min(number * WIDENED, query.MOST_ASKED)
        yield scope.condition, number
    raise TimeoutError("the store holds more chunks than its server can be asked for")
