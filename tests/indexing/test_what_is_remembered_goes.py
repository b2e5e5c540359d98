"""What is remembered of a folder's files goes with the folder, or with its index."""

import shutil
import time

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.git import second_look, stamps
from wherein.git.stat_changes import SETTLED_NS
from wherein_server.cli.main import _run


@pytest.fixture
def remembered(make_repo, tmp_path, monkeypatch):
    """Two repositories of which all there is to remember is remembered; the folder of it, and what is of the first."""
    monkeypatch.setattr(second_look, "LEAST_FILES", 0)
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)
    monkeypatch.setattr(second_look, "RACY_NS", -10_000_000_000)
    data = tmp_path / "data"
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(data))
    one, two = make_repo("one"), make_repo("two")
    for place in (one, two):
        place.commit({"a.py": "def alpha(): pass\n", "b.py": "def beta(): pass\n"})
    time.sleep(SETTLED_NS / 1e9 + 0.1)
    shown = []
    for place in (one, two):
        for _ in range(2):
            with wherein.open_index(place.root, settings=Settings(data_dir=data)) as index:
                index.update()
        place.write("a.py", "def gamma(): pass\n")
        with wherein.open_index(place.root, settings=Settings(data_dir=data)) as index:
            index.update()
            shown.append(index.repository)
    kept = data / "stamps"
    assert {file.suffix for file in kept.iterdir()} == {
        ".stamps",
        ".look",
        ".numbers",
        ".found",
        ".seen",
        ".of",
    }
    return one, two, kept, shown


def names(kept):
    """What the names of files begin with."""
    return {file.name.partition(".")[0].partition("-")[0] for file in kept.iterdir()}


def test_what_somebody_else_put_there_stays(remembered, monkeypatch):
    one, two, kept, _ = remembered
    others = [kept / "album.txt", kept / "penny-black.jpg", kept / ".hidden.of"]
    for other in others:
        other.write_text("not ours")
    shutil.rmtree(one.root)
    monkeypatch.chdir(two.root)
    assert _run(("gc",)) == 0
    assert _run(("clear", "--yes")) == 0
    assert all(other.exists() for other in others)
    assert {file.name for file in kept.iterdir()} == {other.name for other in others}


def test_a_folder_that_is_gone_takes_along_what_was_remembered_of_it(remembered, monkeypatch):
    one, two, kept, _ = remembered
    assert len(names(kept)) == 2
    shutil.rmtree(one.root)
    monkeypatch.chdir(two.root)
    assert _run(("gc",)) == 0
    assert len(names(kept)) == 1
    with wherein.open_index(two.root) as index:
        assert index.status().behind == 0


def test_another_folder_s_first_look_lets_go_of_what_is_gone(remembered, make_repo, tmp_path):
    one, _, kept, _ = remembered
    gone = names(kept)
    shutil.rmtree(one.root)
    third = make_repo("third")
    third.commit({"c.py": "def c(): pass\n"})
    with wherein.open_index(third.root, settings=Settings(data_dir=tmp_path / "data")) as index:
        index.update()
    assert len(names(kept) & gone) == 1


@pytest.mark.parametrize("way", ["clear", "repo remove"])
def test_a_repository_that_is_removed_is_forgotten(remembered, monkeypatch, way):
    one, _, kept, (name, _) = remembered
    monkeypatch.chdir(one.root)
    assert _run(("clear", "--yes") if way == "clear" else ("repo", "remove", name)) == 0
    assert len(names(kept)) == 1
    with wherein.open_index(one.root) as index:
        assert index.update().files_embedded == 2
        assert index.search("gamma")
