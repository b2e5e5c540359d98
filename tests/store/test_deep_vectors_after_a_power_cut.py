"""A power cut in the middle of a fill loses the last batches, each whole, and nothing of the index."""

import shutil

import numpy as np
import pytest

from wherein.store.deep import DeepModel, DeepQuestion, DeepRow, content_of
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval
from wherein.store.sqlite.location import index_path

REPOSITORY = "example.org/team/deep"
HEADER = Header(SCHEMA, "c1", "t1", "m1", 16)
MODEL = DeepModel("deep-a@1", 64, "deep")
FILES, BATCH = 60, 10


def opened(data_dir, mode="write"):
    return open_store(None, REPOSITORY, HEADER, data_dir=data_dir, mode=mode)


def batches(store):
    lacking = [(path, one) for path, some in store.deep_lacking("main", MODEL.id).items() for one in some]
    for at in range(0, len(lacking), BATCH):
        rows = [
            DeepRow(one, content_of(path), np.random.default_rng(len(path)).standard_normal(64))
            for path, one in lacking[at : at + BATCH]
        ]
        yield store.deep_put(MODEL, rows)


@pytest.mark.parametrize("left", [0.0, 0.3, 0.6, 0.9, 1.0])
def test_of_a_log_that_did_not_reach_the_disk_whole_batches_are_left(tmp_path, left):
    before, after = tmp_path / "before", tmp_path / "after"
    record = ChunkRecord(1, 1, "function", "f", "f", (), ("f", "", "", "word"), b"")
    files = [
        FileVersion(f"{n}.py", f"b{n}", "python", f"text {n}", [record], np.eye(1, 16, dtype=np.float32))
        for n in range(FILES)
    ]
    with opened(before) as store:
        store.write("main", put=files, complete=True)
    with opened(before) as store:
        for done in batches(store):
            assert done == BATCH
        shutil.copytree(before, after)  # as it lies on the disk, nobody having ended
    log = index_path(after, REPOSITORY)
    log = log.with_name(log.name + "-wal")
    with log.open("r+b") as file:
        file.truncate(int(log.stat().st_size * left))
    with opened(after) as store:
        there, chunks = store.deep_covered("main", MODEL.id)
        assert chunks == FILES
        assert there % BATCH == 0
        assert (there == FILES) if left == 1.0 else (there < FILES)
        assert len(store.retrieve(Retrieval("main", terms=("word",))).candidates) == FILES
        list(batches(store))
        assert store.deep_covered("main", MODEL.id) == (FILES, FILES)
        asked = DeepQuestion(MODEL.id, np.random.default_rng(4).standard_normal(64).astype(np.float32))
        assert store.retrieve(Retrieval("main", limit=1, deep=(asked,))).candidates
