"""The deep tier fills in batches, once for each text, from wherever it ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from embedding_server import late, says
from wherein.config.settings import IndexSettings, Settings
from wherein.deepening import embedding, fill
from wherein.errors import ConfigError, WhereinError
from wherein.store.redis.deep import on_server as on_server
from wherein.store.sqlite import deep as embedded


def test_without_a_model_there_is_none_and_the_command_that_sets_one_is_named(
    repo, settings, open_at, module
):
    repo.commit({"a.py": module("one")})
    index = open_at(repo, replace(settings, deep_model=None))
    index.update()
    assert index.status().deep is None
    with pytest.raises(ConfigError, match="No deep model") as caught:
        index.deepen()
    assert caught.value.remedy.startswith("wherein model use")


def test_what_is_filled_answers_and_is_told(repo, stored, open_at, module, documents):
    repo.commit({"a.py": module("one", "two", "four", "five"), "pkg/b.py": module("three")})
    index = open_at(repo, stored)
    index.update()
    assert index.status().deep.share == 0
    assert index.status().deep.answers == ""
    report = index.deepen()
    assert (report.filled, report.chunks, report.embedded) == (5, 5, 5)
    deep = index.status().deep
    assert (deep.share, deep.answers, deep.model) == (1.0, report.model, report.model)
    labelled = next(text for text in documents() if "three" in text)
    assert labelled.startswith("pkg b py three\ndef three(given):")
    hit = index.search("three given")[0]
    assert "deep" in hit.parts
    assert index.deepen().embedded == 0


def test_each_text_is_embedded_once_whatever_branch_clone_or_path_shows_it(
    repo, stored, open_at, module, documents, clone
):
    repo.commit({"a.py": module("one", "two", "three")})
    first = open_at(repo, stored)
    first.update()
    first.deepen()
    assert len(documents()) == 3
    repo.git("switch", "-qc", "topic")
    repo.commit({"a.py": module("one", "other", "three")})
    first.update()
    report = first.deepen()
    assert (report.filled, report.chunks, report.shared) == (3, 3, 2)
    assert len(documents()) == 1
    repo.git("switch", "-q", "main")
    beside = open_at(clone(repo, "clone"), stored)
    beside.update()
    assert beside.deepen().embedded == 0
    assert documents() == []


def test_most_wanted_is_first_what_somebody_has_open_then_what_changed_last_and_tests_behind(
    repo, settings, open_at, module, documents, monkeypatch
):
    monkeypatch.setattr(embedding.Embedding, "batch", 1)
    names = ("old.py", "new.py", "open.py", "tests/test_newest.py")
    repo.commit({name: module(name[-7:-3]) for name in names})
    for age, name in enumerate(names):
        os.utime(repo.root / name, (1_600_000_000 + 10_000 * age,) * 2)
    index = open_at(repo, settings)
    index.update()
    index.deepen(first=["open.py"])
    assert [text.partition(" ")[0] for text in documents()] == ["open", "new", "old", "tests"]


def test_it_stops_when_asked_and_goes_on_from_there(repo, stored, open_at, module, documents, monkeypatch):
    monkeypatch.setattr(embedding.Embedding, "batch", 2)
    repo.commit({f"m{n}.py": module(f"f{n}", f"g{n}") for n in range(4)})
    index = open_at(repo, stored)
    index.update()
    steps = []
    report = index.deepen(stop=lambda: len(steps) >= 2, progress=steps.append)
    assert report.stopped
    assert 0 < report.filled < 8
    assert index.status().deep.answers  # as far as it is there
    documents()
    assert index.deepen().filled == 8
    assert len(documents()) == 8 - report.filled


SECRET = "q7Zk2LmX9vB4nR1tYc8WsD5fGh3JpA6uQe0T"


def test_a_process_that_is_killed_in_mid_fill_loses_a_batch_at_most(
    repo, stored, open_at, module, server, documents
):
    repo.commit({f"m{n}.py": module(*(f"f{n}_{m}" for m in range(20))) for n in range(10)})
    index = open_at(repo, stored)
    index.update()
    killed = threading.Event()

    def held(request):
        killed.wait(60)
        return server.answer(request)

    server.then(*[server.answer] * 6, held)
    values = {name: getattr(stored, name) for name in ("store", "deep_model", "deep_endpoint")}
    script = f"""
import pathlib
from wherein.config.settings import IndexSettings, Settings
from wherein.opening import open_index
data = pathlib.Path({str(stored.data_dir)!r})
settings = Settings(data_dir=data, index=IndexSettings(name="acme/deep"), **{values!r})
open_index({str(repo.root)!r}, settings=settings).deepen()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": ":".join(sys.path)}
    )
    deadline = time.monotonic() + 60
    while index.status(check=False).deep is None or index.deep_status().filled < embedding.BATCH:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    killed.set()
    there = index.deep_status().filled
    assert embedding.BATCH <= there < 200
    assert index.search("f3_4 given")  # readable all the while
    server._then.clear()
    documents()
    if stored.store is not None:  # who was killed has claimed what it was about to embed
        assert on_server.CLAIMED < fill.LONGEST_WAIT
        _forget_claims(stored)
    assert index.deepen().filled == 200
    assert len(documents()) == 200 - there


def _forget_claims(settings: Settings) -> None:
    """As if a minute had passed."""
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.connection.connect import connect

    with connect(parse(settings.store)) as client:
        for key in client.keys("*deepc:*"):
            client.delete(key)


def test_a_model_that_fails_in_mid_fill_is_told_and_what_it_did_is_kept(
    repo, settings, open_at, module, server, documents
):
    repo.commit({"a.py": module(*(f"f{n}" for n in range(100)))})
    index = open_at(repo, settings)
    index.update()
    refused = says({"error": {"message": "no such model", "type": "x"}}, status=404)
    server.then(server.answer, server.answer, *[refused] * 20)
    with pytest.raises(WhereinError):
        index.deepen()
    server._then.clear()
    there = index.deep_status().filled
    assert 0 < there < 100
    documents()
    assert index.deepen().filled == 100
    assert len(documents()) == 100 - there


def test_two_machines_with_one_server_share_the_work_and_embed_nothing_twice(
    repo, settings, open_at, module, server, redis_url, documents, tmp_path, clone
):
    repo.commit({f"m{n}.py": module(*(f"f{n}_{m}" for m in range(8))) for n in range(30)})
    shared = replace(settings, store=redis_url)
    indexes = [
        open_at(place, replace(shared, data_dir=tmp_path / name))
        for name, place in (("one", repo), ("two", clone(repo, "other")))
    ]
    for index in indexes:
        index.update()
    server.then(*[late(0.05, server.answer)] * 20)
    reports = [None, None]

    def run(place):
        reports[place] = indexes[place].deepen()

    threads = [threading.Thread(target=run, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.filled for report in reports] == [240, 240]
    sent = documents()
    assert len(sent) == len(set(sent)) == 240
    assert all(report.embedded for report in reports)


def test_one_process_of_a_machine_fills_an_index_at_a_time(repo, settings, open_at, module):
    repo.commit({"a.py": module("one")})
    index, beside = open_at(repo, settings), open_at(repo, settings)
    index.update()
    busy = []
    index.deepen(progress=lambda step: busy.append(beside.deepen().busy))
    assert busy
    assert all(busy)
    assert not beside.deepen().busy


def test_secrets_are_masked_before_they_are_embedded(repo, settings, open_at, documents):
    repo.commit({"a.py": 'def connect():\n    token = "ghp_' + SECRET + '"\n    return token\n'})
    index = open_at(repo, settings)
    index.update()
    index.deepen()
    (text,) = documents()
    assert "token" in text
    assert SECRET not in text


def test_vectors_of_a_model_out_of_use_go_after_their_grace_and_the_last_one_stays(
    repo, stored, open_at, module, monkeypatch
):
    repo.commit({"a.py": module("one")})
    index = open_at(repo, stored)
    index.update()
    index.deepen()
    newer = open_at(repo, replace(stored, deep_model="endpoint:newer"))
    newer.deepen()
    index.collect()
    assert (index.deep_status().filled, newer.deep_status().filled) == (1, 1)
    monkeypatch.setattr(embedded, "GRACE_DAYS", -1.0)
    monkeypatch.setattr(on_server, "GRACE_DAYS", -1.0)
    index.collect()
    assert (index.deep_status().filled, newer.deep_status().filled) == (0, 1)


def test_several_repositories_are_ranked_with_what_each_has_of_it_alike_in_each_store(
    make_repo, settings, redis_url, open_at, module, documents
):
    from wherein.everywhere import search_everywhere
    from wherein.opening import open_stored

    places = {name: make_repo(name) for name in ("one", "two")}
    for name, place in places.items():
        place.commit({"a.py": module(*(f"{name}_{n}" for n in range(5)))})
    answers = []
    for store in (None, redis_url):
        unnamed = replace(settings, index=IndexSettings(), store=store)
        for name, place in places.items():
            index = open_at(place, unnamed)
            index.update(processes=0)
            if name == "one":
                index.deepen()
        documents()
        found = search_everywhere(open_stored(unnamed), "made of given", settings=unnamed, limit=20)
        assert documents() == []  # the question alone is embedded
        deep = {hit.repository.partition("-")[0] for hit in found.hits if "deep" in hit.parts}
        assert len(found.hits) == 10
        assert len(deep) == 1
        answers.append([(hit.repository, hit.symbol, hit.score) for hit in found.hits])
        without = replace(unnamed, deep_model=None)
        plain = search_everywhere(open_stored(without), "made of given", settings=without, limit=20)
        assert not any("deep" in hit.parts for hit in plain.hits)
    embedded_hits, on_a_server = answers
    assert [hit[:2] for hit in embedded_hits] == [hit[:2] for hit in on_a_server]
    assert [hit[2] for hit in embedded_hits] == pytest.approx([hit[2] for hit in on_a_server], abs=0.01)
