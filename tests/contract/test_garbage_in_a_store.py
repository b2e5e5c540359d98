"""What no view shows is collected, and nothing else."""

import random

from wherein.store.protocol import Filters, Retrieval


def test_what_any_view_shows_is_kept(store, file):
    store.write(
        "main",
        put=[file("a.py", "A", terms="alpha", symbol="a"), file("b.py", "B", terms="beta", symbol="b")],
    )
    store.write("topic", link={"b.py": "blob of B"})
    store.write("main", unlink=["a.py", "b.py"])
    collected = store.collect()
    assert (collected.file_versions, collected.chunks) == (1, 1)
    assert store.missing([("a.py", "blob of A"), ("b.py", "blob of B")]) == {("a.py", "blob of A")}
    (kept,) = store.retrieve(Retrieval("topic", terms=("beta",), names=("b",))).candidates
    assert store.texts([kept.id]) == ["B"]


def test_collecting_twice_collects_nothing_the_second_time(store, file):
    store.write("main", put=[file("a.py", "old")])
    store.write("main", put=[file("a.py", "new")])
    assert store.collect().file_versions == 1
    again = store.collect()
    assert (again.file_versions, again.chunks) == (0, 0)


def test_collected_chunks_leave_no_trace_in_statistics_or_names(store, file, unit_vectors):
    store.write("main", put=[file("a.py", "A", terms="only here twice twice", symbol="gone")])
    store.write("main", put=[file("b.py", "B", terms="twice", symbol="kept")], unlink=["a.py"])
    store.retrieve(Retrieval("main", embedding=unit_vectors(1)[0]))
    store.collect()
    found = store.retrieve(Retrieval("main", terms=("only", "here", "twice"), embedding=unit_vectors(1)[0]))
    assert [one.symbol for one in found.candidates] == ["kept"]
    assert dict(found.document_frequency) == {"only": 0, "here": 0, "twice": 1}
    assert found.chunk_count == 1
    assert store.definitions("main", ["gone"], Filters(), 5) == [[]]


def test_two_paths_with_one_content_do_not_lose_it_to_each_other(store, file):
    store.write("main", put=[file("a.py", "same"), file("b.py", "same")])
    store.write("main", unlink=["a.py"])
    store.collect()
    assert store.texts([store.chunks_of("main", ["b.py"])["b.py"][0].id]) == ["same"]


def test_an_id_of_before_the_collection_never_means_another_chunk(store, file):
    store.write("main", put=[file("a.py", "old")])
    old = store.chunks_of("main", ["a.py"])["a.py"][0].id
    store.write("main", unlink=["a.py"])
    store.collect()
    store.write("main", put=[file("b.py", "new")])
    assert store.texts([old]) == [""]


def test_collected_content_can_be_stored_again(store, file):
    for _ in range(3):
        store.write("main", put=[file("a.py", "A", terms="alpha", symbol="a")])
        assert len(store.retrieve(Retrieval("main", terms=("alpha",), names=("a",))).candidates) == 1
        store.write("main", unlink=["a.py"])
        store.collect()
    assert store.counts().file_versions == 0


def test_the_space_of_dropped_views_is_given_back(store, file):
    texts = [f"{i} {random.Random(i).randbytes(6_000).hex()}" for i in range(60)]
    store.write("main", put=[file("keep.py", "keep")])
    store.write(
        "big", put=[file(f"{i}.py", text, terms=f"t{i}") for i, text in enumerate(texts)], complete=True
    )
    before = store.counts().bytes
    store.drop_view("big")
    collected = store.collect()
    assert collected.file_versions == 60
    assert store.counts().bytes < before / 2
    assert collected.bytes > before / 3


def test_what_several_views_show_is_counted_once(store, file):
    store.write("main", put=[file("a.py", "A"), file("b.py", "B"), file("gone.py", "G")], complete=True)
    store.write("main", unlink=["gone.py"], complete=True)
    for i in range(5):
        store.copy_view("main", f"copy {i}")
    store.write("copy 0", put=[file("a.py", "other")], unlink=["b.py"], complete=True)
    assert store.live_chunks() == 3
    store.drop_view("copy 0")
    assert store.live_chunks() == 2
    store.write("main", put=[file(f"{i}.py", str(i)) for i in range(600)], complete=True)
    store.write("copy 1", unlink=["a.py", "b.py"], complete=True)
    assert store.live_chunks() == 602
    assert store.collect().file_versions == 2
    assert store.live_chunks() == store.counts().chunks == 602
