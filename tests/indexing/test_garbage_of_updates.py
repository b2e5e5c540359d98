"""What no view shows is kept for a while, for the way back, and then collected."""

import pytest

from wherein.indexing import update as updating


@pytest.fixture
def index(repo, open_index, defining):
    """An index with one file version that no view shows."""
    repo.commit({"a.py": defining("alpha", "beta"), "b.py": defining("gamma")})
    index = open_index(repo)
    index.update()
    repo.write("a.py", defining("delta"))
    index.update()
    return index


def test_collecting_deletes_what_no_view_shows(repo, index, found, defining):
    collected = index.collect()
    assert (collected.file_versions, collected.chunks) == (1, 2)
    assert index.collect().file_versions == 0
    assert found(index, "delta") == ["a.py"]
    assert index.status().behind == 0
    repo.write("a.py", defining("alpha", "beta"))
    assert index.update().files_embedded == 1


def test_what_another_view_shows_is_not_collected(repo, index, open_index, found):
    of_main = open_index(repo, view="main")
    of_main.update()
    assert index.collect().file_versions == 0
    assert found(of_main, "beta") == ["a.py"]


def test_a_few_old_versions_are_kept_for_the_way_back(repo, index):
    repo.git("checkout", "--", "a.py")
    assert index.update().files_embedded == 0


def test_when_half_the_store_is_garbage_an_update_collects_it(repo, index, defining, monkeypatch):
    monkeypatch.setattr(updating, "GARBAGE_FLOOR", 0)
    monkeypatch.setattr(updating, "LOOKED_AFTER", 0.001)
    repo.write("a.py", defining("first"))
    index.update()  # 3 + 1 + 1 chunks are stored, 2 of them shown
    assert index.collect().file_versions == 0
    repo.write("a.py", defining("second"))
    index.update()  # 2 + 1: less than twice what is shown
    assert index.collect().file_versions == 1


def test_collecting_before_the_first_update_says_that_nothing_is_indexed(repo, open_index):
    import wherein

    with pytest.raises(wherein.IndexMissing):
        open_index(repo).collect()


def test_a_file_that_is_saved_soon_after_the_last_one_looks_for_no_garbage(
    repo, index, defining, monkeypatch
):
    looked = []
    monkeypatch.setattr(updating, "_collect_when_due", looked.append)
    for name in ("first", "second"):
        repo.write("a.py", defining(name))
        index.update()
    assert looked == []
    monkeypatch.setattr(updating, "LOOKED_AFTER", 0.001)
    repo.write("a.py", defining("third"))
    index.update()
    assert len(looked) == 1
