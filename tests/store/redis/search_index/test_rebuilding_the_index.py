"""The search index is built anew behind its alias, and readers are served all the while."""

import json
import os
import threading

import numpy as np
import pytest

from wherein.errors import WhereinError
from wherein.store.header import SCHEMA
from wherein.store.open import collect_index, open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval

LONG = "WHEREIN_TEST_LONG" in os.environ
PAUSE = 0.0 if LONG else 0.01
"""Seconds between two questions of a reader, whose threads are the most of what the test costs."""
DIMENSION = 32
HEADER = Header(SCHEMA, "c", "t", "m", DIMENSION)


def clustered(count, seed=1):
    """Vectors as those of code are: in groups. On random ones a graph is of no use."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(count // 40, 1), DIMENSION))
    vectors = centres[rng.integers(0, len(centres), count)] + 0.5 * rng.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def version(number, vectors):
    records = [
        ChunkRecord(i + 1, i + 1, "function", f"f{i}", f"f{i}", (), (f"f{i}", "", "", "common"), b"")
        for i in range(len(vectors))
    ]
    return FileVersion(f"{number}.py", f"blob {number}", "python", "\n" * len(vectors), records, vectors)


@pytest.fixture
def opened(redis_url, tmp_path):
    def make(mode="write", *, options="", **rest):
        url = f"{redis_url}{options}"
        return open_store(url, "r", HEADER, data_dir=tmp_path, mode=mode, **rest)

    return make


@pytest.fixture
def algorithm(redis_server, redis_url):
    """algorithm(): of the index of the test's repository."""

    def look():
        tenant = redis_url.partition("tenant=")[2]
        with redis_server.client() as client:
            (meta,) = client.scan_iter(match=f"wherein:{{{tenant}/*:meta", count=1000)
            return client.hget(meta, "algorithm").decode(), client.hget(meta, "m").decode()

    return look


def test_an_index_that_outgrows_exact_search_gets_a_graph_that_finds_as_much(opened, algorithm):
    vectors = clustered(3000)
    with opened(options="&flat_up_to=2500") as store:
        for start in range(0, 2000, 500):
            store.write("main", put=[version(start, vectors[start : start + 500])], complete=True)
        assert algorithm()[0] == "FLAT"
        store.write("main", put=[version(2000, vectors[2000:])], complete=True)
        assert algorithm()[0] == "HNSW"
        found = right = 0
        for query in clustered(40, seed=2):
            nearest = np.argsort(vectors @ query)[::-1][:10]
            answer = store.retrieve(Retrieval("main", embedding=query, limit=10)).candidates
            rows = {int(one.path[:-3]) + one.start_line - 1 for one in answer}
            found += len(rows & set(nearest.tolist()))
            right += 10
        assert found / right >= 0.95


def test_other_parameters_build_it_anew_and_saying_nothing_keeps_it(opened, algorithm):
    with opened(options="&flat_up_to=10&m=8") as store:
        store.write("main", put=[version(0, clustered(100))], complete=True)
        assert algorithm() == ("HNSW", "8")
    with opened() as store:
        store.write("main", complete=True)
        assert algorithm() == ("HNSW", "8")
    with opened(options="&flat_up_to=10&m=24") as store:
        store.write("main", complete=True)
        assert algorithm() == ("HNSW", "24")
    with opened(options="&flat_up_to=1000") as store:
        store.write("main", complete=True)
        assert algorithm()[0] == "FLAT"


def test_another_type_of_vectors_waits_for_an_index_that_is_made_anew(opened):
    vectors = clustered(100)
    request = Retrieval("main", embedding=vectors[3], limit=1)
    with opened() as store:
        store.write("main", put=[version(0, vectors)], complete=True)
    with opened(options="&vectors=float32&flat_up_to=10") as store:
        store.write("main", complete=True)
        assert [one.start_line for one in store.retrieve(request).candidates] == [4]
        assert store.counts().chunks == 100
    with opened(options="&vectors=float32", replace=True) as store:
        store.write("main", put=[version(0, vectors)], complete=True)
        (found,) = store.retrieve(request).candidates
        assert found.semantic == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("how", ["parameters", "force"])
def test_readers_are_served_while_it_is_built(opened, how):
    vectors = clustered(1500 if LONG else 800)
    with opened() as store:
        store.write("main", put=[version(0, vectors)], complete=True)
    failures, answers, stop = [], [], threading.Event()

    def read():
        try:
            with opened("read") as reader:
                while not stop.wait(PAUSE):
                    request = Retrieval("main", ("common",), vectors[7], ("f7",), limit=20)
                    found = reader.retrieve(request).candidates
                    answers.append(len({one.id for one in found}))
                    assert any(one.start_line == 8 and one.named for one in found)
                    assert all(reader.texts([one.id]) is not None for one in found[:1])
        except (WhereinError, AssertionError, Exception) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(4 if LONG else 2):
            if how == "parameters":
                with opened(options=f"&flat_up_to=10&m={8 + round_}") as store:
                    store.write("main", complete=True)
            else:
                with opened(replace=True) as store:
                    store.write("main", put=[version(0, vectors)], complete=True)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert len(answers) > 8
    assert min(answers) >= 20


def test_an_index_whose_definition_was_dropped_is_made_again(opened, redis_server):
    with opened() as store:
        store.write("main", put=[version(0, clustered(50))], complete=True)
    with redis_server.client() as client:
        for name in client.execute_command("FT._LIST"):
            client.execute_command("FT.DROPINDEX", name)
    with opened() as store:
        assert len(store.retrieve(Retrieval("main", terms=("common",))).candidates) == 50


def test_a_warm_query_on_this_machine_is_three_round_trips_with_its_texts(opened, redis_server):
    vectors = clustered(200)
    with opened() as store, redis_server.client() as client:
        store.write("main", put=[version(0, vectors)], complete=True)
        request = Retrieval("main", ("common", "f3"), vectors[3], ("f3",), limit=20)
        store.retrieve(request)
        before = client.info("stats")["total_reads_processed"]
        found = store.retrieve(request).candidates
        assert len(store.texts([each.id for each in found])) == len(found)
        own = 1  # the question of this test
        assert client.info("stats")["total_reads_processed"] - before == 3 + own


def test_what_a_view_costs_is_its_difference(opened, redis_server, redis_url):
    files = [version(number, clustered(1, seed=number)) for number in range(1000)]
    shown = {file.path: file.blob for file in files}
    with opened() as store, redis_server.client() as client:
        store.write("ref:main", put=files, commit="1", complete=True)
        store.write("worktree:a", link=shown, commit="1", complete=True)
        store.write("worktree:b", link=shown, commit="1", complete=True)
        tenant = redis_url.partition("tenant=")[2]
        assert len(list(client.scan_iter(match=f"wherein:{{{tenant}/*tree:*", count=1000))) == 1
        (views,) = client.scan_iter(match=f"wherein:{{{tenant}/*:views", count=1000)
        assert {json.loads(raw)["files"] for raw in client.hvals(views)} == {1000}


@pytest.mark.parametrize("lost", ["{}begun", "{}counter", "{}1:meta", "{}1:versions", "{}indexes"])
def test_what_the_server_evicted_the_list_of_goes_with_the_old_index(
    opened, redis_server, redis_url, lost, monkeypatch
):
    with opened() as store:
        store.write("main", put=[version(0, clustered(30))], complete=True)
    tenant = redis_url.partition("tenant=")[2]
    with redis_server.client() as client:
        (counter,) = client.scan_iter(match=f"wherein:{{{tenant}/*:counter", count=1000)
        prefix = counter.decode().removesuffix("counter")
        keys = {key.decode().removeprefix(prefix) for key in client.scan_iter(match=f"{prefix}*", count=1000)}
        assert client.delete(lost.format(prefix)), keys
        with opened(replace=True) as store:
            store.write("main", put=[version(1, clustered(20))], complete=True)
        assert sum(1 for _ in client.scan_iter(match=f"{prefix}c[0-9]*", count=1000)) == 50
        collect_index(redis_url, "r")
        assert sum(1 for _ in client.scan_iter(match=f"{prefix}c[0-9]*", count=1000)) == 50
        monkeypatch.setattr("wherein.store.redis.generations.registry.GRACE_DAYS", 0)
        collect_index(redis_url, "r")
        assert sum(1 for _ in client.scan_iter(match=f"{prefix}c[0-9]*", count=1000)) == 20
        with opened("read") as store:
            assert store.counts().chunks == 20
