"""How much words tell of code."""

import numpy as np
import pytest

from wherein.search.query import parse
from wherein.search.rank.term_weights import term_weights
from wherein.search.telling import telling


def weights(question: str) -> dict[str, float]:
    """Of the terms, each of which one chunk in a hundred holds."""
    query = parse(question)
    spoken = np.zeros(len(query.terms), bool)
    found = term_weights(query, dict.fromkeys(query.terms, 10), 1000, spoken)
    return dict(zip(query.terms, found.tolist(), strict=True))


def test_words_that_only_people_say_tell_less_than_words_of_code():
    assert telling("whether") < telling("follow") < telling("handl") < telling("header") == 1


def test_the_weights_of_a_question_are_bent_by_it_and_still_sum_to_one():
    found = weights("where is it determined whether the header is appropriate")
    assert found["header"] > 2 * found["determin"] > 0
    assert sum(found.values()) == pytest.approx(1)


def test_a_name_and_a_topic_are_weighed_by_rarity():
    for question in ("determine_header", "header determination appropriateness"):
        found = weights(question)
        assert max(found.values()) == pytest.approx(min(found.values()), rel=0.15)
