"""A question to an open index reads what changes from question to question, and nothing else."""

import numpy as np

from wherein.store.protocol import Retrieval

ASKED = Retrieval("main", terms=("common",), embedding=np.ones(8, np.float32) / 8**0.5, described=True)


def statements(store, work):
    said = []
    store._reader.set_trace_callback(said.append)
    work()
    store._reader.set_trace_callback(None)
    return said


def test_vectors_and_the_deep_tier_are_asked_for_once_while_nothing_is_written(filled, open_embedded):
    with open_embedded("read") as store:
        first = statements(store, lambda: store.retrieve(ASKED))
        assert any("vectors" in each for each in first)
        again = statements(store, lambda: store.retrieve(ASKED))
        assert not any("vectors" in each or "deep" in each for each in again)


def test_what_another_writes_is_found_at_once(filled, open_embedded, version):
    with open_embedded("read") as store:
        store.retrieve(ASKED)
        with open_embedded() as writer:
            writer.write("main", put=[version("new.py", "new")], complete=True)
        found = store.retrieve(Retrieval("main", embedding=ASKED.embedding, limit=1000)).candidates
        assert "new.py" in {each.path for each in found}


def test_texts_are_one_statement_however_many_they_are(filled, open_embedded):
    with open_embedded("read") as store:
        ids = [each.id for each in store.retrieve(ASKED).candidates]
        assert len(ids) > 100
        said = statements(store, lambda: store.texts(ids))
        assert len([each for each in said if each.startswith("SELECT")]) == 1
