"""The same prompt to the same model is answered from the data folder."""

import asyncio
import stat

import pytest

from misbehaving_server import event
from wherein_server.explain import cache
from wherein_server.explain.answer import answer
from wherein_server.explain.gather import gather
from wherein_server.explain.targets import PlaceTarget

TOTAL = PlaceTarget("src/shop/cart.py", 21)


@pytest.fixture
def ask(index, misbehaving, endpoint_at):
    misbehaving.streams(
        event("Adds up [1] [9]"), event(finish="stop", usage={"prompt_tokens": 900, "completion_tokens": 4})
    )

    def run(*, use_cache=True, model="mistral", **llm):
        endpoint = endpoint_at(misbehaving.url, model=model, **llm)
        pieces = []
        made = asyncio.run(answer(gather(index, TOTAL), endpoint, on_text=pieces.append, use_cache=use_cache))
        assert "".join(pieces) == made.text
        return made

    return run


def test_a_second_question_is_answered_without_the_server(ask, misbehaving):
    first, second = ask(), ask()
    assert len(misbehaving.requests) == 1
    assert (first.cached, second.cached) == (False, True)
    for part in ("text", "citations", "sources", "dropped", "model", "usage", "timings", "notes"):
        assert getattr(first, part) == getattr(second, part)


def test_another_model_or_length_is_asked(ask, misbehaving):
    ask()
    ask(model="devstral")
    ask(max_tokens=100)
    assert len(misbehaving.requests) == 3


def test_changed_code_is_asked_about_again(ask, misbehaving, shop, index):
    ask()
    shop.write("src/shop/prices.py", "def price_of(thing):\n    return 1\n")
    index.update(processes=0)
    assert not ask().cached


def test_the_cache_can_be_left_out_by_flag_and_by_setting(ask, misbehaving):
    ask()
    assert not ask(use_cache=False).cached
    assert not ask(cache=False).cached
    assert len(misbehaving.requests) == 3


def test_it_is_for_its_owner_alone_and_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST_ANSWERS", 3)
    folder = tmp_path / "answers"
    for i in range(6):
        cache.keep(folder, f"key{i}", {"text": str(i)})
        assert cache.recall(folder, "key0") or i > 0
    kept = [i for i in range(6) if cache.recall(folder, f"key{i}")]
    assert len(kept) == 3
    assert 0 in kept  # asked for again and again
    assert stat.S_IMODE((folder / "answers.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_damaged_cache_costs_nothing_but_itself(ask, tmp_path):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "answers.db").write_bytes(b"no database" * 1_000)
    assert not ask().cached


def test_a_folder_that_cannot_be_written_costs_nothing(ask, tmp_path):
    (tmp_path / "answers").write_text("a file in its place")
    assert not ask().cached
