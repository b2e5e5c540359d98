"""What is read must be what was listed: a file that changes in between is left to the next update."""

import os
import time

import pytest

from wherein.git import disk, second_look, stamps
from wherein.git.blob import blob_id
from wherein.indexing.batches import BATCH_BYTES, BATCH_FILES, Batches


@pytest.fixture
def batches_of(repo):
    """batches_of(): all that the repository shows, and how to change it before it is read."""

    def make(then=lambda: None):
        source = repo.source()
        wanted = source.listing().files
        then()
        batches = Batches(source, wanted)
        return batches, [[content.path for content in batch] for batch in batches]

    return make


def test_every_file_is_in_one_batch(repo, batches_of):
    repo.commit({f"{i}.txt": f"{i}\n" for i in range(BATCH_FILES * 2 + 1)})
    _, read = batches_of()
    assert sorted(path for batch in read for path in batch) == sorted(
        f"{i}.txt" for i in range(BATCH_FILES * 2 + 1)
    )
    assert [len(batch) for batch in read] == [BATCH_FILES, BATCH_FILES, 1]


def test_batches_grow_up_to_a_number_of_bytes(repo, batches_of):
    size = BATCH_BYTES // 10
    repo.commit({f"{i:02}.txt": b"a" * size for i in range(40)})
    _, read = batches_of()
    assert len(read[0]) == 2
    assert [len(batch) for batch in read] == [*sorted(map(len, read[:-1])), len(read[-1])]
    assert max(map(len, read)) == 10


def test_a_file_that_is_deleted_after_the_listing_is_left_to_the_next_update(repo, batches_of):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    batches, read = batches_of((repo.root / "a.py").unlink)
    assert read == [["b.py"]]
    assert batches.moved == {"a.py"}


def test_a_file_that_is_written_to_after_the_listing_is_left_to_the_next_update(repo, batches_of):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    batches, read = batches_of(lambda: repo.write("a.py", "other\n"))
    assert read == [["b.py"]]
    assert batches.moved == {"a.py"}


def test_so_is_a_file_in_whose_place_an_old_one_is_moved(repo, batches_of, tmp_path):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    old = tmp_path / "old.py"
    old.write_text("other\n")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    batches, read = batches_of(lambda: old.rename(repo.root / "a.py"))
    assert read == [["b.py"]]
    assert batches.moved == {"a.py"}


@pytest.mark.parametrize("attributes", ["* text eol=crlf\n", "*.txt text working-tree-encoding=UTF-16LE\n"])
def test_a_file_that_git_converts_is_read_although_its_bytes_are_not_the_blob(repo, batches_of, attributes):
    text = "one\r\ntwo\r\n"
    repo.commit({".gitattributes": attributes})
    repo.write("a.txt", text.encode("utf-16-le") if "UTF-16" in attributes else text)
    repo.commit()
    batches, read = batches_of()
    assert batches.moved == set()
    assert "a.txt" in read[0]


def test_content_is_handed_on_as_the_bytes_that_its_id_stands_for(repo):
    repo.commit({".gitattributes": "*.txt text\n", "a.txt": "one\n"})
    repo.write("a.txt", "one\r\n")
    repo.write("b.bin", "one\r\n")
    source = repo.source()
    read = {content.path: content for batch in Batches(source, source.listing().files) for content in batch}
    assert (read["a.txt"].data, read["b.bin"].data) == (b"one\n", b"one\r\n")
    assert all(blob_id(content.data) == content.blob for content in read.values())


def test_what_an_id_does_not_stand_for_is_never_handed_on(repo):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    source = repo.source()
    wanted = source.listing().files | {"a.py": blob_id(b"other\n")}
    batches = Batches(source, wanted)
    assert [content.path for batch in batches for content in batch] == ["b.py"]
    assert batches.moved == {"a.py"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_told(repo, batches_of):
    repo.commit({"a.py": "1\n"})
    batches, read = batches_of(lambda: (repo.root / "a.py").chmod(0))
    assert read == []
    assert batches.unreadable == {"a.py"}


def test_what_was_read_for_the_listing_is_not_read_again_and_not_kept(repo):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    source = repo.source()
    listing = source.listing()
    (repo.root / "a.py").unlink()
    repo.write("b.py", "3\n")  # the next update's: what is stored is what was listed
    batches = Batches(source, listing.files, at_hand=listing.contents)
    assert [(content.path, content.data) for batch in batches for content in batch] == [
        ("a.py", b"1\n"),
        ("b.py", b"2\n"),
    ]
    assert not listing.contents
    assert not source.listing().contents.get("a.py")


def test_bytes_that_are_not_what_was_listed_are_left_to_the_next_update_wherever_they_come_from(repo):
    repo.commit({"a.py": "1\n"})
    source = repo.source()
    batches = Batches(source, source.listing().files, at_hand={"a.py": b"other\n"})
    assert not list(batches)
    assert batches.moved == {"a.py"}


@pytest.mark.parametrize("looks", [1, 2], ids=["seen whole", "seen by what differs"])
def test_what_was_gone_while_it_was_to_be_read_is_behind_and_found_when_it_is_back(
    repo, open_index, defining, found, monkeypatch, looks
):
    monkeypatch.setattr(second_look, "LEAST_FILES", 0)  # a whole look is remembered, and compared with
    monkeypatch.setattr(second_look, "RACY_NS", -10_000_000_000)
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)
    repo.commit({"a.py": defining("alpha"), "b.py": defining("beta")})
    index = open_index(repo)
    for _ in range(looks):
        index.update()
    repo.write("a.py", defining("saved"))
    source = index._files()
    read = source.read

    def while_it_is_away(path):
        content = (repo.root / path).read_bytes()
        (repo.root / path).unlink()
        try:
            return read(path)
        finally:
            repo.write(path, content)

    monkeypatch.setattr(source, "read", while_it_is_away)
    monkeypatch.setattr(disk, "MOST_KEPT", 0)
    assert index.update().files_moved == 1
    monkeypatch.setattr(source, "read", read)
    assert index.status().behind == 1
    assert index.update().files_embedded == 1
    assert found(index, "saved") == ["a.py"]
