"""The best candidates that the deep tier has not seen are embedded while somebody waits, and kept."""

import time
from dataclasses import replace

import pytest

from embedding_server import late, says
from wherein.config.settings import SearchSettings


@pytest.fixture
def looking(stored):
    return replace(stored, search=SearchSettings(second_look=2_000))


@pytest.fixture
def place(repo, module):
    repo.commit({f"m{n}.py": module(f"paint_{n}", f"widget_{n}") for n in range(6)})
    return repo


def filled(index, count, seconds=20.0):
    """Wait until so many chunks are kept: that is done behind the answer."""
    until = time.monotonic() + seconds
    while index.deep_status().filled != count:
        assert time.monotonic() < until, index.deep_status()
        time.sleep(0.05)


def test_what_a_look_sees_counts_at_once_and_is_kept_for_the_next(place, looking, open_at, documents):
    index = open_at(place, looking)
    index.update()
    hits = index.search("where is the widget painted")
    assert any("deep" in hit.parts for hit in hits)
    assert len(documents()) == 12
    filled(index, 12)
    again = index.search("where is the widget painted")
    assert documents() == []
    assert [hit.symbol for hit in again] == [hit.symbol for hit in hits]


def test_without_a_budget_or_when_asked_fast_nothing_is_embedded_but_the_question(
    place, looking, open_at, documents
):
    index = open_at(place, looking)
    index.update()
    index.search("where is the widget painted", look=False)
    none = open_at(place, replace(looking, search=SearchSettings(second_look=0)))
    none.search("where is the widget painted")
    assert documents() == []


def test_a_look_ends_when_its_time_is_over(place, looking, open_at, server, documents):
    index = open_at(place, replace(looking, search=SearchSettings(second_look=150)))
    index.update()
    index.search("warm", look=False)
    server.then(server.answer, late(0.4, server.answer))  # the question, then the first four chunks
    index.search("where is the widget painted")
    assert len(documents()) == 4
    filled(index, 4)


def test_who_types_a_name_is_not_kept_waiting(place, looking, open_at, documents):
    index = open_at(place, looking)
    index.update()
    assert index.search("paint_3")[0].symbol == "paint_3"
    assert index.search("lexical words of it", mode="lexical") == []
    assert documents() == []


def test_a_model_that_fails_is_said_and_the_first_tier_answers(place, looking, open_at, server):
    index = open_at(place, looking)
    index.update()
    index.search("warm", look=False)
    server.then(*[says({"error": {"message": "no such model", "type": "x"}}, status=404)] * 9)
    said = []
    assert index.search("where is the widget painted", say=said.append)
    assert any("deep tier is not used" in sentence for sentence in said)


def test_a_ranking_step_of_zero_leaves_the_deep_tier_unasked(place, looking, open_at, server, documents):
    index = open_at(place, replace(looking, search=SearchSettings(ranking={"deep": 0.0})))
    index.update()
    asked = len(server.asked)
    assert index.search("where is the widget painted")
    assert len(server.asked) == asked
