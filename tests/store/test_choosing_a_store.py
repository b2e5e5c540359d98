import stat
import subprocess
import sys

import pytest

from wherein.errors import ConfigError, IndexMissing, StoreUnreachable
from wherein.store.open import list_indexes, open_store, remove_index, update_lock

HOLD_LOCK = """
import sys
from pathlib import Path
from wherein.store.open import update_lock
with update_lock("r", Path(sys.argv[1])) as held:
    print(bool(held), flush=True)
    input()
"""


@pytest.mark.parametrize("url", [None, "", "sqlite", "sqlite:", "sqlite://"])
def test_the_embedded_store_is_the_default(url, tmp_path, header):
    with open_store(url, "r", header, data_dir=tmp_path, mode="write") as store:
        assert store.url.startswith(f"sqlite://{tmp_path}/indexes/")


def test_a_url_may_name_another_folder(tmp_path, header):
    folder = tmp_path / "with space"
    url = f"sqlite://{folder}".replace(" ", "%20")
    open_store(url, "r", header, data_dir=tmp_path / "unused", mode="write").close()
    assert [entry.repository for entry in list_indexes(tmp_path, url=url)] == ["r"]
    assert not (tmp_path / "unused").exists()


def test_a_folder_may_be_spelled_with_two_slashes_in_front(tmp_path, header):
    url = f"sqlite:///{tmp_path}"
    open_store(url, "r", header, data_dir=tmp_path / "unused", mode="write").close()
    with open_store(f"sqlite://{tmp_path}", "r", header, data_dir=tmp_path / "unused", mode="read"):
        assert [entry.problem for entry in list_indexes(tmp_path, url=url)] == [""]


def test_a_url_of_redis_chooses_redis(redis_url, tmp_path, header):
    with open_store(redis_url, "r", header, data_dir=tmp_path, mode="write") as store:
        assert store.url.startswith("unix:///")
    (entry,) = list_indexes(tmp_path, url=redis_url)
    assert (entry.repository, entry.path, entry.problem) == ("r", None, "")
    assert entry.bytes > 0
    assert remove_index(tmp_path, "r", url=redis_url) == entry.bytes
    assert list_indexes(tmp_path, url=redis_url) == []
    with pytest.raises(IndexMissing):
        remove_index(tmp_path, "r", url=redis_url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    [
        "postgres://user:secret@host/db",
        "/some/folder",
        "sqlite://host/folder",
        "sqlite:///",
        "sqlite:///tmp/%00x",
        "x://[",
        "C:\\x",
    ],
)
def test_any_other_url_is_a_mistake_in_the_settings(url, tmp_path, header):
    with pytest.raises(ConfigError) as caught:
        open_store(url, "r", header, data_dir=tmp_path, mode="write")
    assert "secret" not in str(caught.value)
    assert "sqlite:///folder" in caught.value.remedy


def test_an_index_is_named_for_people_and_told_apart_by_a_hash(tmp_path, header):
    names = ["github.com/a/b", "github.com/a-b", "GitHub.com/a/b", "/", "x" * 500, "f\udce9e", "漢字"]
    for name in names:
        open_store(None, name, header, data_dir=tmp_path, mode="write").close()
    entries = list_indexes(tmp_path)
    assert sorted(entry.repository for entry in entries) == sorted(names)
    assert len({entry.path for entry in entries}) == len(names)
    assert any(entry.path.name.startswith("github-com-a-b-") for entry in entries)
    assert max(len(entry.path.name) for entry in entries) < 80


def test_the_list_tells_what_an_index_holds(filled, tmp_path):
    (entry,) = list_indexes(tmp_path)
    assert (entry.repository, entry.path, entry.views) == ("github.com/psf/requests", filled, ("main",))
    assert entry.bytes == filled.stat().st_size
    assert entry.updated
    assert entry.problem == ""


def test_a_damaged_index_is_listed_with_the_reason(filled, tmp_path):
    filled.write_bytes(b"no database at all" * 100)
    (entry,) = list_indexes(tmp_path)
    assert (entry.repository, entry.views, entry.updated) == ("", (), None)
    assert "not an index of wherein" in entry.problem


def test_nothing_is_listed_where_nothing_is(tmp_path):
    assert list_indexes(tmp_path / "never made") == []
    assert not (tmp_path / "never made").exists()


def test_a_removed_index_leaves_no_data(filled, tmp_path):
    size = filled.stat().st_size
    assert remove_index(tmp_path, "github.com/psf/requests") == size
    assert list(filled.parent.glob("*.db*")) == []
    with pytest.raises(IndexMissing):
        remove_index(tmp_path, "github.com/psf/requests")


def test_an_index_that_is_being_updated_is_not_removed(filled, tmp_path, monkeypatch):
    monkeypatch.setattr("wherein.store.sqlite.location.REMOVE_WAIT_SECONDS", 0.05)
    with update_lock("github.com/psf/requests", tmp_path) as held:
        assert held
        with pytest.raises(StoreUnreachable, match="being updated"):
            remove_index(tmp_path, "github.com/psf/requests")
    assert filled.exists()


def test_one_process_at_a_time_may_update_a_repository(tmp_path):
    command = [sys.executable, "-c", HOLD_LOCK, str(tmp_path)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "True\n"
    with update_lock("r", tmp_path) as held:
        assert not held
    with update_lock("r", tmp_path, wait=0.2) as held:
        assert not held
    with update_lock("another repository", tmp_path) as held:
        assert held
    other.kill()
    other.communicate()
    with update_lock("r", tmp_path, wait=10) as held:
        assert held


def test_source_code_is_kept_from_other_users(filled):
    assert stat.S_IMODE(filled.parent.stat().st_mode) == 0o700
