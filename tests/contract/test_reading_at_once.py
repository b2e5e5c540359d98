"""What is asked in several steps is answered from one state, whoever rebuilds the index between them."""

import threading

import pytest

from wherein.store.protocol import Retrieval


@pytest.fixture
def functions(file, record):
    """functions(names): one file of one function for each name, whose text names it."""

    def make(names):
        return [
            file(f"{name}.py", f"def {name}():\n    pass", [record(1, 2, name, "common")]) for name in names
        ]

    return make


def answers(store):
    found = store.retrieve(Retrieval("main", terms=("common",), names=("f1", "f2"))).candidates
    return found, dict(
        zip([each.symbol for each in found], store.texts([each.id for each in found]), strict=True)
    )


def test_texts_belong_to_the_candidates_though_the_index_is_rebuilt_between(place, functions):
    with place.open() as writer:
        writer.write("main", put=functions(f"f{i}" for i in range(20)), complete=True)
    with place.open("read") as reader:
        rebuilt = []

        def read():
            found = reader.retrieve(Retrieval("main", terms=("common",))).candidates
            if not rebuilt:
                with place.open(replace=True) as new:
                    new.write("main", put=functions(f"g{i}" for i in range(20)), complete=True)
                rebuilt.append(True)
            texts = reader.texts([each.id for each in found])
            return [(each.symbol, text) for each, text in zip(found, texts, strict=True)]

        pairs = reader.at_once(read)
        assert len(pairs) == 20
        assert all(text.startswith(f"def {symbol}(") for symbol, text in pairs)
        assert {symbol[0] for symbol, _ in reader.at_once(read)} == {"g"}


def test_texts_belong_to_the_candidates_though_their_files_are_collected_between(place, functions):
    with place.open() as writer:
        writer.write("main", put=functions(["f1", "f2"]), complete=True)
        with place.open("read") as reader:

            def read():
                found, texts = reader.retrieve(Retrieval("main", terms=("common",))).candidates, []
                if any(each.symbol == "f1" for each in found):
                    writer.write("main", unlink=["f1.py"], complete=True)
                    writer.collect()
                texts = reader.texts([each.id for each in found])
                return [(each.symbol, text) for each, text in zip(found, texts, strict=True)]

            assert all(text.startswith(f"def {symbol}(") for symbol, text in reader.at_once(read))


def test_an_id_of_a_replaced_index_never_gives_another_chunk_s_text(place, functions):
    with place.open() as writer:
        writer.write("main", put=functions(["f1", "f2"]), complete=True)
        found, texts = answers(writer)
    with place.open(replace=True) as new:
        new.write("main", put=functions(["g1", "g2", "f2"]), complete=True)
        old = new.texts([each.id for each in found])
        assert all(text in ("", texts[each.symbol]) for each, text in zip(found, old, strict=True))
        assert not {each.id for each in answers(new)[0]} & {each.id for each in found if each.symbol != "f2"}


def test_several_threads_read_at_once_from_one_store(place, functions):
    with place.open() as writer:
        writer.write("main", put=functions(f"f{i}" for i in range(20)), complete=True)
    with place.open("read") as reader:
        wrong = []

        def ask():
            for _ in range(20):
                found, texts = reader.at_once(lambda: answers(reader))
                wrong.extend(each for each in found if f"def {each.symbol}(" not in texts[each.symbol])

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


def test_an_error_while_reading_at_once_leaves_the_store_of_use(place, functions):
    with place.open() as writer:
        writer.write("main", put=functions(["f1"]), complete=True)
    with place.open("read") as reader:
        with pytest.raises(LookupError, match="mine"):
            reader.at_once(lambda: (_ for _ in ()).throw(LookupError("mine")))
        assert len(answers(reader)[0]) == 1
