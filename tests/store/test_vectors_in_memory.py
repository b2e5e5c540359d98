"""The table of embeddings that a reader keeps: topped up as versions are stored."""

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.store.int8 import pack
from wherein.store.sqlite import vectors
from wherein.store.sqlite.vectors import VectorTable

DIMENSION = 16


@pytest.fixture(scope="module")
def embeddings():
    return np.random.default_rng(7).normal(size=(400, DIMENSION)).astype(np.float32)


@pytest.fixture(scope="module", autouse=True)
def few_together():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vectors, "TOGETHER", 7)  # of one version there may be more
        yield


@given(batches=st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=5), min_size=1, max_size=8))
def test_read_batch_by_batch_it_is_the_same_as_read_at_once(embeddings, batches):
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE TABLE vectors (version INTEGER PRIMARY KEY, first_chunk INTEGER, chunks INTEGER, data BLOB)"
    )
    growing = VectorTable(DIMENSION)
    stored = version = 0
    for batch in batches:
        for chunks in batch:
            version += 1
            data = pack(embeddings[stored : stored + chunks]).tobytes()
            db.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", (version, stored + 1, chunks, data))
            stored += chunks
        growing.top_up(db)
        at_once = VectorTable(DIMENSION)
        at_once.top_up(db)
        query = embeddings[0]
        assert growing.ids.tolist() == at_once.ids.tolist() == list(range(1, stored + 1))
        assert np.array_equal(growing.cosines(query), at_once.cosines(query))
        assert growing.cosines(query).argmax() == 0
    db.close()
