"""Definitions by name, and chunks by place."""

import numpy as np
import pytest

from wherein.errors import ConfigError
from wherein.store.protocol import Filters


@pytest.fixture
def names(store, file, record):
    lines = [
        record(1, 1, "open_store"),
        record(2, 2, "Open"),
        record(3, 3, "open"),
        record(4, 4, "open", qualified="Door.open", kind="method"),
        record(5, 5, "reopen"),
        record(6, 6, "opener"),
        record(7, 7, "", "no name"),
    ]
    store.write("main", put=[file("b.py", "\n" * 6, lines), file("a.py", "1", [record(1, 1, "opener")])])
    return store


EVERYTHING = Filters()


def found(store, name, filters=EVERYTHING, limit=50):
    (whole,) = store.definitions("main", [name], filters, limit, longer=True)
    return [f"{one.path}:{one.start_line}" for one in whole]


def test_exact_names_come_first_then_other_case_then_longer_ones(names):
    assert found(names, "open") == ["b.py:3", "b.py:4", "b.py:2", "a.py:1", "b.py:6", "b.py:1"]


def test_a_qualified_name_or_its_tail_is_a_name(names):
    assert found(names, "Door.open") == ["b.py:4"]
    assert found(names, "door.OPEN") == ["b.py:4"]


@pytest.mark.parametrize("name", ["Door::open", "Door#open", "Door->open", "Door/open"])
def test_what_joins_the_parts_of_a_name_does_not_matter(names, name):
    assert found(names, name) == ["b.py:4"]


def test_the_limit_cuts_in_that_order(names):
    for limit in range(7):
        assert found(names, "open", limit=limit) == found(names, "open")[:limit]


def test_filters_act_before_the_limit(names):
    assert found(names, "open", Filters(kinds=("method",)), 1) == ["b.py:4"]
    assert found(names, "open", Filters(paths=("a.py",)), 1) == ["a.py:1"]


@pytest.mark.parametrize("name", ["", "nothing", "%", "_", "open%", "'", "\x00", "\udce9"])
def test_a_name_that_nothing_has_finds_nothing(names, name):
    assert found(names, name) == []


def test_nothing_is_found_in_an_unknown_view(names):
    assert names.definitions("nowhere", ["open", "opener"], Filters(), 5, longer=True) == [[], []]
    assert names.chunk_at("nowhere", "a.py", 1) is None
    assert names.chunks_of("nowhere", ["a.py"]) == {"a.py": []}
    assert names.files_of("nowhere", ["a.py"])["a.py"].chunks == []


def test_definitions_of_many_names_come_in_their_order_and_longer_ones_of_the_first(names):
    asked = ["open", "", "nothing", "opener", "reopen", "open"]
    answers = names.definitions("main", asked, Filters(), 4, longer=True)
    assert [[f"{one.path}:{one.start_line}" for one in each] for each in answers] == [
        ["b.py:3", "b.py:4", "b.py:2", "a.py:1"],
        [],
        [],
        ["a.py:1", "b.py:6"],
        ["b.py:5"],
        ["b.py:3", "b.py:4", "b.py:2"],
    ]
    assert names.definitions("main", asked, Filters(), 4)[0] == answers[-1]
    assert names.definitions("main", ["", "reopen"], Filters(), 4, longer=True) == [[], answers[4]]
    assert names.definitions("main", [], Filters(), 4, longer=True) == []
    assert names.definitions("main", asked, Filters(), 0) == [[] for _ in asked]


def test_a_name_that_more_chunks_have_than_are_asked_for_at_once_is_found_in_each(store, file, record):
    lines = [record(number, number, "common") for number in range(1, 451)]
    store.write("main", put=[file("a.py", "\n" * 449, lines), file("b.py", "1", [record(1, 1, "rare")])])
    common, rare = store.definitions("main", ["common", "rare"], Filters(), 1000)
    assert [each.start_line for each in common] == list(range(1, 451))
    assert [each.path for each in rare] == ["b.py"]


def test_chunks_of_a_path_come_by_line(names):
    found = names.chunks_of("main", ["b.py", "c.py", "a.py"])
    assert {path: [chunk.start_line for chunk in chunks] for path, chunks in found.items()} == {
        "b.py": [1, 2, 3, 4, 5, 6, 7],
        "c.py": [],
        "a.py": [1],
    }
    assert names.chunks_of("main", []) == {}


def test_whole_files_come_as_their_chunks_and_the_lines_of_each(store, file, record):
    pieces = [record(1, 2, "a"), record(3, 3, "b")]
    store.write("main", put=[file("a.py", "one\ntwo\nthree", pieces), file("b.py", "only")])
    found = store.files_of("main", ["b.py", "c.py", "a.py"])
    assert {path: each.texts for path, each in found.items()} == {
        "b.py": ["only"],
        "c.py": [],
        "a.py": ["one\ntwo", "three"],
    }
    assert {path: each.chunks for path, each in found.items()} == store.chunks_of("main", list(found))
    store.write("main", put=[file("a.py", "four")], unlink=["b.py"])
    assert [store.files_of("main", [path])[path].texts for path in ("a.py", "b.py")] == [["four"], []]


def test_the_chunk_at_a_line_comes_with_its_embedding(store, file, record, unit_vectors):
    vectors = unit_vectors(3)
    store.write(
        "main",
        put=[
            file(
                "a.py",
                "\n" * 9,
                [record(1, 3, "a"), record(4, 4, "b"), record(5, 10, "c")],
                embeddings=vectors,
            )
        ],
    )
    for line, row in [(1, 0), (3, 0), (4, 1), (5, 2), (10, 2)]:
        chunk, embedding = store.chunk_at("main", "a.py", line)
        assert chunk.symbol == "abc"[row]
        assert embedding.shape == (16,)
        assert embedding.dtype == np.float32
        assert float(embedding @ vectors[row]) == pytest.approx(1.0, abs=0.01)
    assert store.chunk_at("main", "a.py", 0) is None
    assert store.chunk_at("main", "a.py", 11) is None


def test_a_pattern_that_cannot_be_read_is_a_mistake_of_the_caller(names):
    with pytest.raises(ConfigError, match="pattern"):
        found(names, "open", Filters(paths=("!",)))


def test_the_name_book_holds_every_name_as_it_is_written(names, file, record):
    assert sorted(names.name_book().names) == ["Open", "open", "open_store", "opener", "reopen"]
    more = file("c.py", "1", [record(1, 1, "Größe", names=("DieWeite",))])
    names.write("main", put=[more])
    assert sorted(names.name_book().names)[:2] == ["DieWeite", "Größe"]
    assert list(names.name_book().like("diew")) == ["DieWeite"]


def test_the_name_book_forgets_what_was_collected(names):
    assert "opener" in names.name_book().names
    names.write("main", unlink=["a.py", "b.py"])
    names.collect()
    assert list(names.name_book().names) == []


def test_the_first_chunks_are_listed_by_path_and_line(names):
    def listed(filters=EVERYTHING, limit=50):
        return [f"{one.path}:{one.start_line}" for one in names.first_chunks("main", filters, limit)]

    assert listed() == ["a.py:1", *(f"b.py:{line}" for line in range(1, 8))]
    assert listed(limit=2) == ["a.py:1", "b.py:1"]
    assert listed(Filters(kinds=("method",))) == ["b.py:4"]
    assert listed(Filters(exclude=("a.py",)), 1) == ["b.py:1"]
    assert listed(Filters(languages=("klingon",))) == []
    assert names.first_chunks("nowhere", EVERYTHING, 5) == []
