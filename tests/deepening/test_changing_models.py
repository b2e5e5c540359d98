"""A new deep model fills beside the old one, which answers until the new one is whole."""

from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from embedding_server import EmbeddingServer


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch):
    monkeypatch.setattr("wherein.deep_holdings.CHOSEN_FOR", 0.0)


@pytest.fixture
def other(stored):
    """Settings with another model on another server."""
    with HTTPServer() as http:
        server = EmbeddingServer(http, dimension=64, seed=7)
        yield replace(stored, deep_model="endpoint:other", deep_endpoint=server.url)


@pytest.fixture
def place(repo, module):
    repo.commit({f"m{n}.py": module(f"paint_{n}", f"widget_{n}") for n in range(6)})
    return repo


def answering(index):
    return index.deep_status().answers.partition("@")[0]


def stop_after(steps):
    seen = []
    return {"stop": lambda: len(seen) >= steps, "progress": seen.append}


def test_the_old_model_answers_until_the_new_one_is_whole_and_going_back_embeds_nothing(
    place, stored, open_at, monkeypatch, documents, server
):
    monkeypatch.setattr("wherein.deepening.embedding.Embedding.batch", 4)
    old = open_at(place, stored)
    old.update()
    old.deepen()
    assert answering(old) == "endpoint:counts"
    swapped = open_at(place, replace(stored, deep_model="endpoint:newer"))
    swapped.deepen(**stop_after(2))
    assert 0 < swapped.deep_status().share < 1
    assert answering(swapped) == "endpoint:counts"
    hits = swapped.search("where is the widget painted")
    assert "deep" in hits[0].parts
    assert server.asked[-1]["model"] == "counts"  # its question was embedded by the one that answers
    swapped.deepen()
    assert answering(swapped) == "endpoint:newer"
    swapped.search("where is the widget painted now")
    assert server.asked[-1]["model"] == "newer"
    documents()
    back = open_at(place, stored)
    assert answering(back) == "endpoint:counts"
    assert back.deepen().embedded == 0
    assert documents() == []


def test_a_file_that_changed_since_does_not_take_a_model_s_turn_away(place, stored, open_at, module):
    index = open_at(place, stored)
    index.update()
    index.deepen()
    place.commit({"m0.py": module("paint_0", "brand_new")})
    index.update()
    assert index.deep_status().share < 1
    assert answering(index) == "endpoint:counts"


def test_two_machines_with_different_models_on_one_store_each_use_their_own(place, stored, other, open_at):
    one, two = open_at(place, stored), open_at(place, other)
    one.update()
    one.deepen()
    two.deepen()
    one.deepen()
    assert (answering(one), answering(two)) == ("endpoint:counts", "endpoint:other")
    assert (one.deep_status().share, two.deep_status().share) == (1.0, 1.0)


def test_a_model_that_is_not_installed_any_more_is_told_in_a_sentence_and_the_first_tier_answers(
    place, stored, open_at
):
    index = open_at(place, stored)
    index.update()
    index.deepen()
    gone = open_at(place, replace(stored, deep_model="transformers:gone/away"))
    said = []
    assert gone.search("where is the widget painted", say=said.append)
    assert said
    deep = gone.status().deep
    assert deep.problem
    assert answering(gone) == "endpoint:counts"  # it is whole, and can be opened
    nowhere = open_at(
        place, replace(stored, deep_model="endpoint:counts", deep_endpoint="http://127.0.0.1:9/v1")
    )
    assert nowhere.status().deep.problem
    assert nowhere.status().deep.answers == ""
    assert nowhere.search("where is the widget painted")


def test_an_index_that_is_made_anew_has_its_deep_tier_without_the_model(place, stored, open_at, documents):
    index = open_at(place, stored)
    index.update()
    index.deepen()
    documents()
    index.update(force=True)
    assert index.deepen().embedded == 0
    assert index.deep_status().share == 1.0
    assert documents() == []
