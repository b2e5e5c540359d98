"""Deep vectors on a server: they come down once, cost little, need no search index and go with what they are of."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

from wherein.store.deep import CONTENT_BYTES, DeepModel, DeepQuestion, DeepRow, content_of
from wherein.store.header import SCHEMA
from wherein.store.open import open_store, remove_index
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval
from wherein.store.redis.deep.local_copy import FOLDER, DeepRows
from wherein.store.redis.deep.on_server import OVERHEAD
from wherein.store.redis.roles.acl import rules

REPOSITORY = "example.org/team/deep"
HEADER = Header(SCHEMA, "c1", "t1", "m1", 16)
WIDE, FILES = 384, 400
MODEL = DeepModel("deep-a@1", WIDE, "deep")


def opened(url, data_dir, mode="write", header=HEADER, **options):
    return open_store(url, REPOSITORY, header, data_dir=data_dir, mode=mode, **options)


def fill(store):
    """A vector for every chunk that lacks one, each of its own direction."""
    rows = [
        DeepRow(one, content_of(path), np.random.default_rng(int(path[:-3])).standard_normal(WIDE))
        for path, chunks in store.deep_lacking("main", MODEL.id).items()
        for one in chunks
    ]
    return store.deep_put(MODEL, rows)


def best(store, number):
    asked = np.random.default_rng(number).standard_normal(WIDE).astype(np.float32)
    found = store.retrieve(Retrieval("main", limit=1, deep=(DeepQuestion(MODEL.id, asked),))).candidates
    return [one.path for one in found]


@pytest.fixture
def server(start_redis):
    running = start_redis()
    files = [
        FileVersion(
            *(f"{n}.py", f"blob {n}", "python", f"text {n}"),
            [ChunkRecord(1, 1, "function", f"f{n}", f"f{n}", (), (f"f{n}", "", "", "word"), b"")],
            np.eye(1, 16, dtype=np.float32),
        )
        for n in range(FILES)
    ]
    with opened(running.url, Path()) as store:
        store.write("main", put=files, complete=True)
    return running


def test_vectors_come_down_once_and_then_only_what_is_new(server, tmp_path):
    with opened(server.url, Path()) as store:
        assert fill(store) == FILES

    def read(data_dir):
        with server.client() as client:
            before = client.info("stats")["total_net_output_bytes"]
            with opened(server.url, data_dir, "read") as store:
                assert best(store, 7) == ["7.py"]
            return client.info("stats")["total_net_output_bytes"] - before

    first, again = read(tmp_path / "one"), read(tmp_path / "one")
    assert first > FILES * WIDE
    assert again < first / 8
    (kept,) = (tmp_path / "one" / FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")  # a damaged copy is read anew, not believed
    assert read(tmp_path / "one") > FILES * WIDE
    with server.client() as client:  # who missed more than the log tells reads it whole
        for key in client.keys("*deepl:*"):
            client.xtrim(key, maxlen=0, approximate=False)
    assert read(tmp_path / "one") > FILES


def test_a_vector_takes_what_the_quota_counts(server):
    with server.client() as client, opened(server.url, Path()) as store:
        before = client.info("memory")["used_memory"]
        fill(store)
        store.close()
        taken = client.info("memory")["used_memory"] - before
        assert 0.9 * WIDE < taken / FILES < 1.5 * (WIDE + OVERHEAD)


def test_an_indexer_may_fill_and_a_searcher_only_read(server, tmp_path):
    with server.client() as admin:
        for role in ("indexer", "searcher"):
            granted = rules(role, tenant="default", repositories=[REPOSITORY])
            admin.execute_command("ACL", "SETUSER", role, "on", ">word", *granted)
        indexer = server.url.replace("unix://", "unix://indexer:word@")
        searcher = server.url.replace("unix://", "unix://searcher:word@")
        with opened(indexer, tmp_path) as store:
            assert len(store.deep_claim(MODEL.id, [content_of("0.py")])) == 1
            assert fill(store) == FILES
            store.deep_note_whole("main", MODEL.id)
            store.collect()
        with opened(searcher, tmp_path / "other", "read") as store:
            assert store.deep_covered("main", MODEL.id) == (FILES, FILES)
            assert store.deep_whole("main") == [MODEL.id]
            assert best(store, 3) == ["3.py"]


def test_two_versions_of_wherein_share_vectors_and_the_last_to_go_takes_them(server):
    later = replace(HEADER, chunker="c2")
    with opened(server.url, Path()) as store:
        fill(store)
        texts = [FileVersion("0.py", "blob 0", "python", "text 0", *_one())]
        with opened(server.url, Path(), header=later, beside=True) as other:
            other.write("main", put=texts, complete=True)
            (lacking,) = other.deep_lacking("main", MODEL.id)["0.py"]
            assert other.deep_put(MODEL, [DeepRow(lacking, content_of("0.py"), None)]) == 1
            assert best(other, 0) == ["0.py"]
        store.write("main", unlink=[f"{n}.py" for n in range(1, FILES)], complete=True)
        store.collect()
        assert store.deep_models()[0].vectors == 1
    remove_index(Path(), REPOSITORY, url=server.url)
    with server.client() as client:
        assert client.keys("*deep*") == []


def _one():
    record = ChunkRecord(1, 1, "function", "f", "f", (), ("f", "", "", "word"), b"")
    return [record], np.eye(1, 16, dtype=np.float32)


def test_rows_that_were_added_to_answer_as_those_that_are_read_at_once():
    draw = np.random.default_rng(3)
    shown, asked = object(), draw.standard_normal(32).astype(np.float32)
    rows, now = DeepRows(32), {}

    def vector(content):
        return blake2b(content, digest_size=32).digest()

    def found(rows):
        cosines = rows.scan(asked)
        places = rows.places_of(shown, None, lambda version: None if version == b"hidden" else "path")
        return {rows.key(at): float(cosines[at]) for at in places if np.isfinite(cosines[at])}

    for step in range(30):
        changed = {}
        for version in draw.choice([b"a", b"b", b"c", b"hidden"], 2, replace=False).tolist():
            contents = [
                draw.bytes(CONTENT_BYTES) if draw.random() < 0.7 else bytes(CONTENT_BYTES) for _ in "123"
            ]
            if draw.random() < 0.5:
                contents[0] = now.get(version, contents[0])[:CONTENT_BYTES]  # held already
            changed[version] = b"".join(contents)
        lacking = [content for version, joined in changed.items() for content in rows.lacks(version, joined)]
        rows = rows.with_changes(f"{step}", changed, {content: vector(content) for content in lacking})
        now |= changed
        whole = DeepRows(32)
        every = {
            content: vector(content)
            for version, joined in now.items()
            for content in whole.lacks(version, joined)
        }
        assert found(rows) == pytest.approx(found(whole.with_changes("", now, every, whole=True))), step
