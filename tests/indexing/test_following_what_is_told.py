"""An index that follows what somebody tells of: those files alone, and all of them from time to time."""

import shutil

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.following import Following
from wherein.git import second_look, stamps


@pytest.fixture
def following(repo, data_dir, defining, monkeypatch):
    """Of a repository whose whole look is remembered, up to date. `.opened` counts how often the index was."""
    monkeypatch.setattr(second_look, "LEAST_FILES", 0)
    monkeypatch.setattr(second_look, "RACY_NS", -10_000_000_000)
    monkeypatch.setattr(stamps, "RACY_NS", -10_000_000_000)
    repo.commit({"a.py": defining("alpha"), "b.py": defining("beta")})

    def opened():
        made.opened += 1
        return wherein.open_index(repo.root, settings=Settings(data_dir=data_dir))

    made = Following(opened, lambda index, told: index.update(wait=False, processes=0, told=told))
    made.opened = 0
    for _ in range(2):  # the first look at all is a whole one
        made.update(None)
    yield made
    made.close()


@pytest.fixture
def finds(repo, data_dir):
    def names(*wanted):
        with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
            return [bool(index.symbols(name, exact=True)) for name in wanted]

    return names


def test_a_file_that_is_told_of_is_looked_at_alone_and_the_rest_by_the_next_look(
    repo, following, defining, finds
):
    repo.write("a.py", defining("saved"))
    repo.write("b.py", defining("untold"))
    opened = following.opened
    assert following.update([repo.root / "a.py"]).files_embedded == 1
    assert following.opened == opened
    assert finds("saved", "untold", "beta") == [True, False, True]
    assert following.update(None).files_embedded == 1
    assert finds("saved", "untold", "beta") == [True, True, False]


def test_a_file_elsewhere_or_an_index_that_is_gone_is_a_reason_to_look_at_all(
    repo, following, defining, finds, tmp_path, data_dir
):
    repo.write("a.py", defining("saved"))
    following.update([tmp_path / "elsewhere.py"])
    assert finds("saved") == [True]
    repo.write("b.py", defining("later"))
    shutil.rmtree(data_dir / "indexes")
    following.update([repo.root / "b.py"])
    following.update(None)
    assert finds("saved", "later") == [True, True]


def test_what_goes_wrong_is_told_and_the_next_time_everything_is_opened_anew(
    repo, following, defining, finds
):
    away = repo.root.rename(repo.root.with_name("away"))
    with pytest.raises(wherein.WhereinError):
        following.update(None)
    away.rename(repo.root)
    repo.write("a.py", defining("saved"))
    following.update([repo.root / "a.py"])
    assert finds("saved") == [True]
