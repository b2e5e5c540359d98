"""What people do not see of the embedded store: space, terms of deleted chunks, one copy of a text."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from wherein.store.protocol import Filters, Retrieval
from wherein.store.sqlite.file import create_file


def rows(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def test_nothing_is_left_of_an_index_whose_every_file_was_collected(filled, open_embedded):
    with open_embedded() as store:
        store.write("main", unlink=[f"src/{i}.py" for i in range(200)])
        collected = store.collect()
        assert (collected.file_versions, collected.chunks) == (200, 200)
    assert rows(filled, "SELECT * FROM term") == []
    for table in ("version", "chunk", "vectors", "name", "content", "path", "shown"):
        assert rows(filled, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(filled, "PRAGMA integrity_check") == [("ok",)]


def test_the_inverted_index_stays_sound_through_collections(filled, open_embedded, version):
    with open_embedded() as store:
        for turn in range(5):
            store.write(
                "main", put=[version(f"src/{i}.py", f"{turn} {i}", f"turn{turn} common") for i in range(20)]
            )
            store.collect()
        found = store.retrieve(Retrieval("main", terms=("common", "turn3", "turn4"), limit=1_000))
        assert dict(found.document_frequency) == {"common": 200, "turn3": 0, "turn4": 20}
        assert sum(candidate.lexical > 0 for candidate in found.candidates) == 200
    with closing(sqlite3.connect(filled)) as db:
        db.execute("INSERT INTO lexical (lexical) VALUES ('integrity-check')")


def test_one_content_under_many_paths_is_kept_once(filled, open_embedded, version):
    with open_embedded() as store:
        store.write("main", put=[version(f"copies/{i}.py", "the same text") for i in range(10)])
    assert rows(filled, "SELECT count(*) FROM content") == [(201,)]


def test_a_large_first_index_leaves_few_free_pages(open_embedded, version, tmp_path):
    with open_embedded() as store:
        for batch in range(40):
            body = " ".join(f"t{batch * 100 + i}" for i in range(400))
            store.write("main", put=[version(f"{batch}-{i}.py", f"{batch} {i}", body) for i in range(10)])
        store.write("main", complete=True)
    (path,) = (tmp_path / "indexes").glob("*.db")
    assert rows(path, "PRAGMA freelist_count")[0][0] <= 0.2 * rows(path, "PRAGMA page_count")[0][0]


def test_making_an_index_twice_keeps_the_first(filled, header):
    before = filled.read_bytes()
    create_file(filled, "another", header)
    assert filled.read_bytes() == before
    assert not list(filled.parent.glob(".*"))
    assert len(list(filled.parent.glob("*.sums"))) == 1


def test_text_that_is_no_unicode_is_stored_with_question_marks(open_embedded, version):
    with open_embedded() as store:
        store.write(
            "main", put=[replace(version("a.ipynb", "broken \ud800 surrogate", "term \udfff"), blob="1")]
        )
        (chunk,) = store.chunks_of("main", ["a.ipynb"])["a.ipynb"]
        assert store.texts([chunk.id]) == ["broken ? surrogate"]
        assert store.definitions("main", ["run\ud800"], Filters(), 5, longer=True) == [[]]
