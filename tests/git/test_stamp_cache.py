import os
import time

import pytest

from wherein.git import disk, stamps
from wherein.git.blob import blob_id
from wherein.git.stamps import Ids, open_stamps


@pytest.fixture(params=["repository", "plain folder"])
def place(request, repo, folder):
    return repo if request.param == "repository" else folder


@pytest.fixture
def at_once(monkeypatch):
    """Files are remembered however young they are."""
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)


@pytest.fixture
def hashed(monkeypatch):
    """How many files were hashed so far, as the length of a list."""
    contents = []
    real = disk.ids_of
    monkeypatch.setattr(disk, "ids_of", lambda data, **how: contents.append(data) or real(data, **how))
    return contents


def test_an_unchanged_file_is_hashed_once(place, tmp_path, hashed, at_once):
    place.write("a.py", "1\n")
    cache = tmp_path / "cache"
    first = place.listing(stamp_cache=cache)
    assert len(hashed) == 1
    assert place.listing(stamp_cache=cache) == first
    assert len(hashed) == 1


def test_a_changed_file_is_hashed_again(place, tmp_path, at_once):
    cache = tmp_path / "cache"
    place.write("a.py", "1\n")
    place.listing(stamp_cache=cache)
    time.sleep(0.02)
    place.write("a.py", "2\n")
    assert place.listing(stamp_cache=cache).files == {"a.py": blob_id(b"2\n")}


def test_a_file_that_was_replaced_is_hashed_again_though_size_and_mtime_agree(place, tmp_path, at_once):
    cache = tmp_path / "cache"
    old = place.write("a.py", "1\n")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    place.listing(stamp_cache=cache)
    new = place.write("b.py", "2\n")
    os.utime(new, (1_700_000_000, 1_700_000_000))
    new.rename(old)
    assert place.listing(stamp_cache=cache).files == {"a.py": blob_id(b"2\n")}


def test_a_file_from_the_future_is_hashed_once(place, tmp_path, hashed, at_once):
    cache = tmp_path / "cache"
    os.utime(place.write("a.py", "1\n"), (4_000_000_000, 4_000_000_000))
    place.listing(stamp_cache=cache)
    place.listing(stamp_cache=cache)
    assert len(hashed) == 1


def test_a_file_that_was_just_written_is_not_remembered(place, tmp_path, hashed):
    cache = tmp_path / "cache"
    place.write("a.py", "1\n")
    place.listing(stamp_cache=cache)
    place.listing(stamp_cache=cache)
    assert len(hashed) == 2


@pytest.mark.parametrize(
    "damaged",
    [
        lambda good: b"",
        lambda good: b"\xff\xfe",
        lambda good: good[:-1],
        lambda good: good[:30],
        lambda good: good[:-3] + bytes([good[-3] ^ 1]) + good[-2:],
        lambda good: good + b"\0",
    ],
)
def test_a_damaged_cache_costs_nothing_but_time(place, tmp_path, at_once, damaged):
    cache = tmp_path / "cache"
    place.write("a.py", "1\n")
    place.listing(stamp_cache=cache)
    (file,) = cache.iterdir()
    file.write_bytes(damaged(file.read_bytes()))
    assert place.listing(stamp_cache=cache).files == {"a.py": blob_id(b"1\n")}


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(place, tmp_path, at_once):
    (tmp_path / "file").write_text("")
    place.write("a.py", "1\n")
    assert set(place.listing(stamp_cache=tmp_path / "file").files) == {"a.py"}


def test_a_name_that_is_no_utf8_is_remembered(place, tmp_path, hashed, at_once):
    cache = tmp_path / "cache"
    path = os.fsdecode(b"\xff.py")
    place.write(path, "1\n")
    place.listing(stamp_cache=cache)
    assert place.listing(stamp_cache=cache).files == {path: blob_id(b"1\n")}
    assert len(hashed) == 1


def test_files_that_are_gone_are_forgotten(place, tmp_path, at_once):
    cache = tmp_path / "cache"
    for name in ("a.py", "b.py"):
        place.write(name)
    place.listing(stamp_cache=cache)
    (place.root / "a.py").unlink()
    place.listing(stamp_cache=cache)
    (file,) = cache.iterdir()
    assert b"b.py" in file.read_bytes()
    assert b"a.py" not in file.read_bytes()


def test_each_view_has_a_cache_of_its_own(tmp_path):
    status = (tmp_path / ".").stat()
    os.utime(tmp_path, (1, 1))
    one, two = open_stamps(tmp_path / "c", "worktree:one"), open_stamps(tmp_path / "c", "worktree:two:sub/")
    one.put("a", status, Ids("1" * 40))
    one.save()
    assert open_stamps(tmp_path / "c", "worktree:two:sub/").get("a", status) is None
    assert two.get("a", status) is None
