"""Several processes and threads on one store; headers that do not fit."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from wherein.errors import IndexIncompatible, IndexMissing, StoreUnreachable
from wherein.store.protocol import Retrieval

READER_LOOP = """
    import sys
    with open_here("read") as store:
        print("ready", flush=True)
        seen = set()
        while True:
            found = store.retrieve(Retrieval("main", terms=("common",), embedding=axis, limit=10_000))
            texts = store.texts([one.id for one in found.candidates])
            kinds = {text[:1] for text in texts} - {""}  # collected in between
            assert len(kinds) <= 1, kinds
            assert len(texts) == 20, len(texts)
            seen |= kinds
            if "z" in kinds:
                break
        print("saw", len(seen))
"""


def test_a_reader_in_another_process_sees_whole_batches_only(place, sample):
    with place.open() as store:
        store.write("main", put=[sample(f"{i}.py", f"a{i}") for i in range(20)])
        reader = place.start(READER_LOOP)
        assert reader.stdout.readline() == "ready\n"
        for letter in "bcdefghijkz":
            store.write("main", put=[sample(f"{i}.py", f"{letter}{i}") for i in range(20)])
            if letter in "eh":
                store.collect()
        output, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        assert output.startswith("saw")


def test_a_long_lived_reader_notices_what_another_process_wrote(place, sample):
    with place.open() as store:
        store.write("main", put=[sample("a.py", "A")], complete=True)
    with place.open("read") as reader:
        assert len(reader.retrieve(Retrieval("main", terms=("common",))).candidates) == 1
        place.run(
            """
            with open_here() as store:
                store.write("main", put=[sample("b.py", "B")], commit="2", complete=True)
            """
        )
        query = np.eye(1, 16, dtype=np.float32)[0]
        assert len(reader.retrieve(Retrieval("main", terms=("common",), embedding=query)).candidates) == 2
        place.run("with open_here() as store: store.write('main', unlink=['a.py']); store.collect()")
        found = reader.retrieve(Retrieval("main", terms=("common",), embedding=query))
        assert [one.path for one in found.candidates] == ["b.py"]
        assert found.chunk_count == 1


def test_a_reader_that_knows_what_a_view_shows_finds_the_same_and_notices_what_others_write(place, sample):
    with place.open() as writer:
        writer.write("main", put=[sample("gone.py", "g"), sample("kept.py", "k")], complete=True)
        writer.write("main", unlink=["gone.py"], complete=True)

        def found(reader):
            asked = Retrieval("main", terms=("common",), embedding=np.eye(1, 16, dtype=np.float32)[0])
            return {(each.path, each.blob) for each in reader.retrieve(asked).candidates}

        with place.open("read") as knowing, place.open("read") as other:
            shown = writer.view_files("main")
            knowing.shows(knowing.view("main"), shown)
            assert found(knowing) == found(other) == set(shown.items())
            assert {each.path for each in knowing.chunks_of("main", ["kept.py"])["kept.py"]} == {"kept.py"}
        with place.open("read") as knowing:
            knowing.shows(knowing.view("main"), shown)
            assert found(knowing) == set(shown.items())
            writer.write("main", put=[sample("new.py", "n"), sample("kept.py", "k2")], complete=True)
            assert found(knowing) == set(writer.view_files("main").items())
            assert found(knowing) == {("kept.py", "blob of k2"), ("new.py", "blob of n")}


def test_two_processes_that_write_at_once_lose_nothing(place):
    script = """
        with open_here() as store:
            print("ready", flush=True)
            input()
            for i in range(25):
                store.write({0!r}, put=[sample({0!r} + str(i), {0!r} + str(i))])
    """
    writers = [place.start(script.format(name)) for name in ("one", "two")]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    with place.open("read") as store:
        assert {view.name: view.files for view in store.views()} == {"one": 25, "two": 25}
        assert len(store.retrieve(Retrieval("one", terms=("common",))).candidates) == 25
        assert store.counts().chunks == 50


def test_a_writer_killed_in_the_middle_leaves_the_last_batch_readable(place, sample):
    with place.open() as store:
        store.write("main", put=[sample("first.py", "A")], commit="1", complete=True)
    writer = place.start(
        """
        with open_here() as store:
            for i in range(10**6):
                store.write("main", put=[sample(f"{i}-{j}.py", f"{i}-{j}") for j in range(20)], commit=str(i))
                print(i, flush=True)
        """
    )
    for _ in range(5):
        last = int(writer.stdout.readline())
    writer.kill()
    writer.communicate()
    with place.open("read") as store:
        view = store.view("main")
        batches = int(view.commit) + 1
        assert batches > last
        assert view.files == 1 + 20 * batches
        assert (
            len(store.retrieve(Retrieval("main", terms=("common",), limit=10**6)).candidates) == view.chunks
        )
    with place.open() as store:
        store.write("main", put=[sample("after.py", "B")], complete=True)
        assert store.view("main").files == view.files + 1


def test_threads_search_while_another_writes(place, sample):
    failures = []

    def search(store, stop):
        try:
            while not stop.is_set():
                found = store.retrieve(
                    Retrieval("main", terms=("common",), embedding=np.eye(16, dtype="float32")[0])
                )
                assert len(found.candidates) % 5 == 0
                store.texts([one.id for one in found.candidates])
        except BaseException as failure:
            failures.append(failure)

    with place.open() as store:
        stop = threading.Event()
        threads = [threading.Thread(target=search, args=(store, stop)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for batch in range(20):
            store.write("main", put=[sample(f"{batch}-{i}.py", f"{batch}-{i}") for i in range(5)])
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(store.retrieve(Retrieval("main", terms=("common",))).candidates) == 100


def test_reading_what_was_never_written_says_so(place):
    with pytest.raises(IndexMissing) as caught:
        place.open("read")
    assert caught.value.remedy == "wherein index"


@pytest.mark.parametrize(
    "change", [{"model": "m2"}, {"dimension": 8}, {"chunker": "c2"}, {"tokenizer": "t2"}, {"schema": 99}]
)
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_header_that_does_not_fit_is_refused_with_the_remedy(place, header, mode, change):
    place.open().close()
    with pytest.raises(IndexIncompatible) as caught:
        place.open(mode, replace(header, **change))
    assert next(iter(change)) in caught.value.message
    assert caught.value.remedy == place.remedy(next(iter(change)))
    assert "wherein index" in caught.value.remedy


def test_a_store_built_anew_takes_the_place_of_the_old_one_when_complete(place, sample, header):
    with place.open() as store:
        store.write("main", put=[sample("old.py", "A")], complete=True)
    other = replace(header, model="m2")
    with place.open() as reader, place.open("write", other, replace=True) as new:
        new.write("main", put=[sample("new.py", "B")])
        assert reader.view_files("main") == {"old.py": "blob of A"}
        new.write("main", complete=True)
        assert new.view_files("main") == {"new.py": "blob of B"}
        if place.for_many:
            assert reader.view_files("main") == {"old.py": "blob of A"}
        else:
            with pytest.raises(IndexIncompatible):
                reader.view_files("main")
    with place.open("read", other) as store:
        assert store.view_files("main") == {"new.py": "blob of B"}
        assert len(store.retrieve(Retrieval("main", terms=("common",))).candidates) == 1


def test_a_store_built_anew_that_never_completes_leaves_the_old_one(place, sample):
    with place.open() as store:
        store.write("main", put=[sample("old.py", "A")], complete=True)
    with place.open(replace=True) as new:
        new.write("main", put=[sample("new.py", "B")])
    with place.open("read") as store:
        assert store.view_files("main") == {"old.py": "blob of A"}


def test_an_unfinished_new_store_is_kept_where_the_old_one_is_of_no_use(place, sample, header):
    with place.open() as store:
        store.write("main", put=[sample("old.py", "A")], complete=True)
    other = replace(header, model="m2")
    with place.open("write", other, replace=True) as new:
        new.write("main", put=[sample("new.py", "B")])
    with place.open("read", other) as store:
        assert store.view_files("main") == {"new.py": "blob of B"}
        assert not store.view("main").complete


def test_a_store_opened_for_reading_refuses_to_write(place):
    place.open().close()
    with place.open("read") as store, pytest.raises(StoreUnreachable, match="reading"):
        store.write("main", complete=True)


def test_a_closed_store_says_so(place):
    store = place.open()
    store.close()
    with pytest.raises(StoreUnreachable, match="closed"):
        store.views()
