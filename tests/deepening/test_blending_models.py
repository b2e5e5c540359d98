"""Several deep models: each filled and kept by its own id, their judgements blended; one is as it always was."""

from dataclasses import replace

import numpy as np
import pytest

from embedding_server import EmbeddingServer, says
from wherein.embedding.several import models_of
from wherein.errors import ConfigError, WhereinError
from wherein.search.query import parse
from wherein.search.rank.deep import deep_excess
from wherein.search.rank.pool import make_pool
from wherein.search.searched import Searched
from wherein.store.protocol import Candidate, Retrieved


@pytest.fixture
def server(httpserver):
    """What its models make of a text differs."""

    class Several(EmbeddingServer):
        def _handle(self, request):
            self.seed = 1 if request.get_json()["model"] == "newer" else 0
            return super()._handle(request)

    return Several(httpserver)


@pytest.fixture
def place(repo, module):
    repo.commit({f"m{n}.py": module(f"paint_{n}", f"widget_{n}") for n in range(4)})
    return repo


@pytest.fixture
def both(stored):
    return replace(stored, deep_model="endpoint:counts, endpoint:newer")


def parts(index, question="where is the widget painted"):
    return {hit.symbol: hit.parts.get("deep", 0.0) for hit in index.search(question)}


def names(joined):
    return [each.partition("@")[0] for each in joined.split(" + ")]


@pytest.mark.parametrize(
    ("setting", "models"),
    [
        ("deep", ("deep",)),
        ("deep, endpoint:x", ("deep", "endpoint:x")),
        ("endpoint:x,deep,endpoint:x", ("endpoint:x", "deep")),
        ("transformers:/a,b/c, deep", ("transformers:/a,b/c", "deep")),
        ("nonsense, deep", ("nonsense", "deep")),
    ],
)
def test_a_setting_names_one_model_or_several(setting, models):
    assert models_of(setting) == models


def test_a_fourth_model_is_refused_in_a_sentence(place, settings, open_at):
    with pytest.raises(ConfigError, match="At most 3"):
        models_of("deep, endpoint:a, endpoint:b, endpoint:c")
    many = replace(settings, deep_model="endpoint:a, endpoint:b, endpoint:c, endpoint:d")
    index = open_at(place, many)
    index.update(processes=0)
    said = []
    assert index.search("where is the widget painted", say=said.append)
    assert any("At most 3" in each for each in said)
    with pytest.raises(ConfigError, match="At most 3"):
        index.deepen()


def test_each_is_filled_by_its_own_id_and_a_hit_is_judged_by_the_mean_of_both(place, stored, both, open_at):
    index = open_at(place, both)
    index.update(processes=0)
    report = index.deepen()
    assert names(report.model) == ["endpoint:counts", "endpoint:newer"]
    assert (report.embedded, report.filled, report.chunks) == (16, 8, 8)
    status = index.deep_status()
    assert names(status.answers) == names(status.model) == ["endpoint:counts", "endpoint:newer"]
    assert [(filled, chunks) for _, filled, chunks in status.each] == [(8, 8), (8, 8)]
    blended = parts(index)
    alone = [
        parts(open_at(place, replace(stored, deep_model=f"endpoint:{name}"))) for name in ("counts", "newer")
    ]
    assert alone[0] != alone[1]
    for symbol, value in blended.items():
        assert value == pytest.approx((alone[0][symbol] + alone[1][symbol]) / 2, abs=0.002)
    assert index.deepen().embedded == 0


def test_a_second_model_is_added_behind_the_first_and_taken_away_by_the_setting(place, stored, both, open_at):
    one = open_at(place, stored)
    one.update(processes=0)
    one.deepen()
    before = parts(one)
    index = open_at(place, both)
    assert names(index.deep_status().answers) == ["endpoint:counts"]
    assert parts(index) == before  # nothing of the second is there yet
    assert index.deep_status().share == 0
    index.deepen()
    assert parts(index) != before
    back = open_at(place, stored)
    assert parts(back) == before
    assert back.deep_status().each == ()


def test_where_one_of_them_fails_the_other_is_filled_and_answers_and_it_is_told(place, both, open_at, server):
    broken = replace(both, deep_model="endpoint:counts, transformers:/gone/away")
    index = open_at(place, broken)
    index.update(processes=0)
    with pytest.raises(WhereinError, match="gone"):
        index.deepen()
    status = index.deep_status()
    assert names(status.answers) == ["endpoint:counts"]
    assert status.filled == 8
    assert "gone" in status.problem
    said = []
    assert any(parts(index).values())
    index.search("where is the widget painted", say=said.append)
    assert any("Another deep model is used" in each for each in said)


def test_where_one_cannot_embed_the_question_the_other_is_asked(place, both, open_at, server):
    index = open_at(place, both)
    index.update(processes=0)
    index.deepen()
    whole = parts(index)
    server.then(says({"error": {"message": "not now"}}, status=400))
    said = []
    hits = index.search("where is the widget painted today", say=said.append)
    assert any("The deep tier is not used" in each for each in said)
    assert any(hit.parts.get("deep") for hit in hits)
    assert whole


def excess_of(deep):
    """Of candidates whose closeness by the first tier falls evenly."""
    candidates = [
        Candidate(n, f"f{n}.py", "b", 1, 1, "function", f"f{n}", f"f{n}", (), "python", b"\0" * 5, deep=each)
        for n, each in enumerate(deep)
    ]
    pool = make_pool(parse("where is it"), [Searched("r", Retrieved(candidates, {}, len(candidates)))])
    return deep_excess(pool, np.linspace(1, 0, len(candidates), dtype=np.float32))


def test_a_chunk_that_one_model_has_not_come_to_is_judged_by_the_other_alone():
    first, second = (0.1, 0.2, 0.5, 0.3, 0.4, 0.9), (0.7, 0.1, 0.2, 0.9, 0.3, 0.5)
    one, two = excess_of([(each,) for each in first]), excess_of([(each,) for each in second])
    pairs = list(zip(first, second, strict=True))
    assert excess_of(pairs) == pytest.approx((one + two) / 2)
    assert excess_of([(each, None) for each in first]) == pytest.approx(one)
    lacking = excess_of([*pairs[:-1], (first[-1], None)])
    assert lacking[-1] == pytest.approx(one[-1])
    assert excess_of([*pairs[:-1], ()])[-1] == 0
    assert excess_of([()] * 6) is None


def test_a_deep_tier_that_orders_as_the_first_does_speaks_for_what_both_find_near():
    excess = excess_of([(each,) for each in (0.9, 0.7, 0.5, 0.3, 0.1, 0.0)])
    assert list(excess) == sorted(excess, reverse=True)
    assert excess[0] > 0.2


def test_what_the_first_tier_finds_nearest_is_not_pushed_back_where_the_deep_one_finds_it_middling():
    excess = excess_of([(each,) for each in (0.5, 0.9, 0.1, 0.8, 0.2, 0.5)])
    assert abs(excess[0]) < 1e-6
    assert excess[1] > 0.3


def test_the_fewer_of_the_nearest_have_a_deep_vector_the_less_it_counts(monkeypatch):
    values = (0.9, 0.1, 0.2, 0.3, 0.2, 0.1, 0.3, 0.2)
    half = [(value,) if n < 4 else () for n, value in enumerate(values)]
    counted = excess_of(half)
    monkeypatch.setattr("wherein.search.rank.deep.NEAREST", 4)
    whole = excess_of(half)
    assert whole[0] > 0.2
    assert not whole[4:].any()
    assert counted == pytest.approx(0.5 * whole)


def test_a_model_that_has_hardly_begun_takes_nothing_from_one_that_is_done():
    values = (
        0.9,
        0.9,
        0.1,
        0.2,
        0.3,
        0.2,
        0.1,
        0.3,
        0.2,
        0.1,
        0.2,
        0.3,
        0.1,
        0.2,
        0.3,
        0.1,
        0.2,
        0.3,
        0.2,
        0.1,
        0.2,
    )
    liked = (0.8, None, 0.1, 0.2, 0.3)
    alone = excess_of([(value,) for value in values])
    beside = excess_of([(value, liked[n] if n < len(liked) else None) for n, value in enumerate(values)])
    assert beside[1] == pytest.approx(alone[1])
    assert beside[0] > 0.8 * alone[0]
