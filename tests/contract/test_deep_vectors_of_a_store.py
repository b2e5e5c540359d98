"""Deep vectors: kept by model and content, found as candidates, collected with what nobody uses."""

from dataclasses import replace

import numpy as np
import pytest

from wherein.store.deep import DeepModel, DeepQuestion, DeepRow, content_of
from wherein.store.description import DESCRIBED, WIDTH, nothing, packed, unpacked
from wherein.store.protocol import Filters, Retrieval

WIDE = 24
MODEL = DeepModel("deep-a@1", WIDE, "deep")
OTHER = DeepModel("deep-b@1", 8, "transformers:b")


def axis(number, width=WIDE):
    return np.eye(width, dtype=np.float32)[number]


def put(store, view, path, *rows, model=MODEL):
    """Give the chunks of a path vectors, by (content, vector)."""
    chunks = store.chunks_of(view, [path])[path]
    return store.deep_put(
        model,
        [
            DeepRow(one.id, content_of(text), vector)
            for one, (text, vector) in zip(chunks, rows, strict=False)
        ],
    )


def cosines(store, direction, model=MODEL, view="main", **asked):
    request = Retrieval(view, deep=(DeepQuestion(model.id, direction),), **asked)
    return {one.symbol: one.deep[0] if one.deep else None for one in store.retrieve(request).candidates}


@pytest.fixture
def filled(store, file, record):
    """a.py with chunks one and two, b.py with three; one and three have deep vectors."""
    two = [record(1, 1, "one", "alpha"), record(2, 2, "two", "alpha")]
    store.write(
        "main",
        put=[file("a.py", "x\ny", two), file("b.py", "z", symbol="three", terms="beta", language="c")],
        complete=True,
    )
    put(store, "main", "a.py", ("t1", axis(0)))
    put(store, "main", "b.py", ("t3", axis(1)))
    return store


def test_a_store_without_deep_vectors_answers_as_ever(store, file):
    assert store.deep_models() == []
    assert store.deep_covered("main", MODEL.id) == (0, 0)
    store.write("main", put=[file("a.py", terms="alpha", symbol="one")])
    assert store.deep_covered("main", MODEL.id) == (0, 1)
    assert store.deep_known(MODEL.id, [content_of("t1")]) == set()
    assert store.deep_whole("main") == []
    assert store.deep_forget(MODEL.id) == 0
    assert cosines(store, axis(0), terms=("alpha",)) == {"one": None}
    assert cosines(store, axis(0)) == {}


def test_deep_vectors_find_chunks_and_measure_those_found_otherwise(filled, unit_vectors):
    assert cosines(filled, axis(0), limit=1) == pytest.approx({"one": 1.0})
    assert cosines(filled, axis(1), limit=1) == pytest.approx({"three": 1.0})
    found = filled.retrieve(
        Retrieval(
            "main",
            terms=("alpha",),
            embedding=unit_vectors(1)[0],
            limit=3,
            deep=(DeepQuestion(MODEL.id, (axis(0) + 2 * axis(1)) / np.sqrt(5).astype("float32")),),
        )
    ).candidates
    by_symbol = {one.symbol: one for one in found}
    assert by_symbol["one"].deep[0] == pytest.approx(0.447, abs=0.01)
    assert by_symbol["three"].deep[0] == pytest.approx(0.894, abs=0.01)
    assert by_symbol["two"].deep == (None,)
    assert all(one.semantic for one in found)  # the static cosine of what the deep tier found comes too


def test_filters_and_views_hold_for_deep_candidates(filled, file):
    assert cosines(filled, axis(1), filters=Filters(languages=("python",))) == pytest.approx({"one": 0.0})
    assert cosines(filled, axis(0), filters=Filters(paths=("b.py",))) == pytest.approx({"three": 0.0})
    filled.write("topic", put=[file("c.py", "w", symbol="four", terms="beta")])
    assert cosines(filled, axis(0), view="topic") == {}
    assert cosines(filled, axis(0), view="nowhere") == {}


def test_a_batch_is_seen_at_once_by_whoever_has_the_store_open(place, filled):
    with place.open("read") as reader:
        assert cosines(reader, axis(0), limit=1) == pytest.approx({"one": 1.0})
        assert reader.deep_covered("main", MODEL.id) == (2, 3)
        (lacking,) = reader.deep_lacking("main", MODEL.id)["a.py"]
        assert filled.deep_put(MODEL, [DeepRow(lacking, content_of("t2"), axis(2))]) == 1
        assert reader.deep_covered("main", MODEL.id) == (3, 3)
        assert reader.deep_lacking("main", MODEL.id) == {}
        assert cosines(reader, axis(2), limit=1) == pytest.approx({"two": 1.0})


def test_what_is_known_by_its_content_is_linked_without_a_vector(filled, file):
    filled.write("main", put=[file("copy.py", "q", symbol="copied")])
    assert filled.deep_known(MODEL.id, [content_of("t1"), content_of("never")]) == {content_of("t1")}
    assert put(filled, "main", "copy.py", ("never", None)) == 0
    assert put(filled, "main", "copy.py", ("t1", None)) == 1
    assert cosines(filled, axis(0), limit=2) == pytest.approx({"one": 1.0, "copied": 1.0})
    (model,) = filled.deep_models()
    assert (model.id, model.dimension, model.setting, model.vectors) == ("deep-a@1", WIDE, "deep", 2)


def test_putting_twice_changes_nothing_and_an_id_that_is_gone_is_passed_over(filled, file):
    assert put(filled, "main", "a.py", ("t1", axis(0))) == 0
    gone = filled.chunks_of("main", ["b.py"])["b.py"][0].id
    filled.write("main", unlink=["b.py"])
    filled.collect()
    assert filled.deep_put(MODEL, [DeepRow(gone, content_of("t9"), axis(3))]) == 0
    assert filled.deep_covered("main", MODEL.id) == (1, 2)


def test_models_lie_beside_each_other_and_one_is_forgotten_alone(filled):
    put(filled, "main", "a.py", ("t1", axis(5, 8)), ("t2", axis(6, 8)), model=OTHER)
    assert cosines(filled, axis(6, 8), OTHER, limit=1) == pytest.approx({"two": 1.0})
    assert cosines(filled, axis(1), limit=1) == pytest.approx({"three": 1.0})
    assert filled.deep_covered("main", OTHER.id) == (2, 3)
    assert {one.id for one in filled.deep_models()} == {MODEL.id, OTHER.id}
    assert filled.deep_forget(MODEL.id) == 2
    assert [one.id for one in filled.deep_models()] == [OTHER.id]
    assert cosines(filled, axis(0)) == {}
    assert cosines(filled, axis(5, 8), OTHER, limit=1) == pytest.approx({"one": 1.0})


def test_a_chunk_without_a_direction_counts_as_done_and_has_no_cosine(filled):
    (lacking,) = filled.deep_lacking("main", MODEL.id)["a.py"]
    filled.deep_put(MODEL, [DeepRow(lacking, content_of(""), np.zeros(WIDE, np.float32))])
    assert filled.deep_lacking("main", MODEL.id) == {}
    assert cosines(filled, axis(0), terms=("alpha",))["two"] is None


def test_vectors_that_no_chunk_uses_are_collected_and_others_stay(place, filled):
    filled.write("main", unlink=["b.py"])
    filled.collect()
    assert filled.deep_known(MODEL.id, [content_of("t1"), content_of("t3")]) == {content_of("t1")}
    assert filled.deep_models()[0].vectors == 1
    with place.open("read") as reader:
        assert cosines(reader, axis(0)) == pytest.approx({"one": 1.0})


def test_which_models_were_whole_for_a_view_is_noted_the_latest_first(filled):
    put(filled, "main", "a.py", ("t1", axis(5, 8)), model=OTHER)
    filled.deep_note_whole("main", MODEL.id)
    filled.deep_note_whole("main", OTHER.id)
    assert filled.deep_whole("main") == [OTHER.id, MODEL.id]
    filled.deep_note_whole("main", MODEL.id)
    assert filled.deep_whole("main") == [MODEL.id, OTHER.id]
    assert filled.deep_whole("topic") == []
    filled.deep_forget(MODEL.id)
    assert filled.deep_whole("main") == [OTHER.id]


def test_an_index_that_is_made_anew_keeps_the_vectors_by_content(place, filled, file):
    with place.open(replace=True) as anew:
        anew.write("main", put=[file("a.py", "x\ny", symbol="whole")], complete=True)
        known = anew.deep_known(MODEL.id, [content_of("t1"), content_of("t3")])
        assert known == {content_of("t1"), content_of("t3")}
        assert put(anew, "main", "a.py", ("t1", None)) == 1
        assert cosines(anew, axis(0)) == pytest.approx({"whole": 1.0})


def test_an_unfinished_index_that_takes_the_place_of_an_older_version_s_keeps_the_vectors(
    place, filled, file, header
):
    filled.close()
    newer = replace(header, chunker="c2")
    with place.open("write", newer, replace=True) as anew:
        anew.write("main", put=[file("a.py", "x\ny", symbol="whole")])
    with place.open("write", newer) as again:
        assert again.deep_known(MODEL.id, [content_of("t1")]) == {content_of("t1")}


def test_two_processes_fill_at_once_and_nothing_of_either_is_lost(place, file):
    with place.open() as store:
        store.write("main", put=[file(f"{n}.py", f"text {n}", symbol=f"f{n}") for n in range(40)])
        script = f"""
        from wherein.store.deep import DeepModel, DeepRow, content_of
        model = DeepModel({MODEL.id!r}, {WIDE}, "deep")
        with open_here() as store:
            for path, chunks in sorted(store.deep_lacking("main", model.id).items(), reverse=bool(%d)):
                vector = np.eye({WIDE}, dtype="float32")[len(path)]
                store.deep_put(model, [DeepRow(one, content_of(path), vector) for one in chunks])
        """
        both = [place.start(script % order) for order in (0, 1)]
        for process in both:
            process.communicate(timeout=60)
        assert [process.returncode for process in both] == [0, 0]
        assert store.deep_covered("main", MODEL.id) == (40, 40)
        assert store.deep_models()[0].vectors == 40


def test_what_one_process_claims_another_does_not_on_a_store_for_many(place, store):
    wanted = [content_of("t1"), content_of("t2")]
    assert store.deep_claim(MODEL.id, wanted[:1]) == {wanted[0]}
    with place.open() as beside:
        assert beside.deep_claim(MODEL.id, wanted) == ({wanted[1]} if place.for_many else set(wanted))


def described(store, terms, **asked):
    found = store.retrieve(Retrieval("main", terms=terms, described=True, **asked)).candidates
    return {one.symbol: told.sentence if (told := unpacked(one.described)) else "" for one in found}


def test_descriptions_find_chunks_by_their_words_and_come_with_those_found_otherwise(
    place, filled, unit_vectors
):
    model = DeepModel(DESCRIBED, WIDTH, "")
    rows = ("polishes zeppelins", "names the alpha")
    for path, sentence in zip(("b.py", "a.py"), rows, strict=True):
        put(filled, "main", path, (sentence, packed(sentence, "tiny")), model=model)
    assert described(filled, ("zeppelin",)) == {"three": "polishes zeppelins"}
    assert described(filled, ("zeppelin",), filters=Filters(languages=("python",))) == {}
    assert described(filled, ("alpha",)) == {"one": "names the alpha", "two": ""}
    found = filled.retrieve(
        Retrieval("main", terms=("zeppelin",), embedding=unit_vectors(1)[0], described=True, limit=1)
    )
    assert any(one.symbol == "three" for one in found.candidates)
    assert not any(one.described for one in filled.retrieve(Retrieval("main", terms=("alpha",))).candidates)
    assert sorted(
        told.sentence for row in filled.deep_rows("main", DESCRIBED) if (told := unpacked(row))
    ) == sorted(["names the alpha", "polishes zeppelins"])
    with place.open("read") as reader:
        assert described(reader, ("zeppelin",)) == {"three": "polishes zeppelins"}
        (two,) = reader.deep_lacking("main", DESCRIBED)["a.py"]
        filled.deep_put(model, [DeepRow(two, content_of(""), nothing())])
        assert reader.deep_covered("main", DESCRIBED) == (3, 3)
        assert len(reader.deep_rows("main", DESCRIBED)) == 2
    filled.write("main", unlink=["b.py"])
    filled.collect()
    assert described(filled, ("zeppelin",)) == {}
    assert filled.deep_forget(DESCRIBED) == 2
    assert described(filled, ("alpha",)) == {"one": "", "two": ""}
    assert cosines(filled, axis(0), limit=1)["one"] == pytest.approx(1.0)


def test_several_models_are_asked_at_once_and_each_finds_and_measures(filled):
    put(filled, "main", "a.py", ("t1", axis(5, 8)), ("t2", axis(6, 8)), model=OTHER)
    asked = (
        DeepQuestion(MODEL.id, axis(1)),
        DeepQuestion("never", axis(1)),
        DeepQuestion(OTHER.id, axis(6, 8)),
    )
    found = filled.retrieve(Retrieval("main", limit=1, deep=asked)).candidates
    assert {one.symbol: one.deep for one in found} == {
        "three": (pytest.approx(1.0), None, None),
        "two": (None, None, pytest.approx(1.0)),
    }
