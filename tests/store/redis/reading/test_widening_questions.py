"""How much a question asks for when too little of what it found may be shown."""

import pytest

from wherein.store.protocol import Filters, Retrieval
from wherein.store.redis.reading import query
from wherein.store.redis.reading.query import Found
from wherein.store.redis.reading.scope import make_scope
from wherein.store.redis.reading.widening_question import LEXICAL, Question
from wherein.store.redis.trees.contents import Contents, Shown, version_id

LIMIT = 100
SHOWN = version_id("a.py", "b" * 40).encode()


def scopes():
    contents = Contents({"a.py": Shown("b" * 40, 200)})
    return [make_scope(contents, Filters(), 1_000, exact=exact) for exact in (False, True)]


def question():
    return Question(lambda condition, number: (condition, number), LEXICAL, Retrieval("main", limit=LIMIT))


def found(versions):
    return [Found(version + b":%d" % row, 1.0, None, b"there") for row, version in enumerate(versions)]


def test_twice_as_many_are_asked_for_then_the_versions_are_named_and_then_ever_more():
    scope, named = scopes()
    asked = question()
    first = asked.first("", 150)
    then = [asked.again(scope, named) for _ in range(3)]
    assert (first, [number for _, number in then]) == (("", 150), [300, LIMIT, 8 * LIMIT])
    assert [condition for condition, _ in then] == [scope.condition, named.condition, named.condition]


def test_where_versions_are_too_many_to_be_named_ever_more_are_asked_for_until_the_server_gives_no_more():
    scope, _ = scopes()
    asked = question()
    asked.first("", 150)
    numbers = [asked.again(scope, None)[1] for _ in range(5)]
    assert numbers == [300, 2_400, 19_200, 153_600, query.MOST_ASKED]
    with pytest.raises(TimeoutError):
        asked.again(scope, None)


@pytest.mark.parametrize(("shown", "others", "enough"), [(74, 76, False), (75, 75, True), (10, 50, True)])
def test_three_quarters_of_the_candidates_or_all_there_are_is_enough(shown, others, enough):
    scope, _ = scopes()
    asked = question()
    asked.first("", 150)
    asked.take(found([SHOWN] * shown + [b"other"] * others), scope)
    assert (asked.found is not None) == enough
