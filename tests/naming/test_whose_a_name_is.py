"""A name belongs to the folder that used it first, whatever a stranger's clone says of itself."""

import shutil

import pytest

import wherein
from wherein.config import load_settings
from wherein.opening import open_stored, stored
from wherein.store.open import list_indexes

URL = "https://example.org/acme/web.git"
NAME = "example.org/acme/web"


@pytest.fixture
def at(data_dir, monkeypatch):
    """at(place, view=…): the index of a folder, with the settings of its own file; closed at the end."""
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(data_dir))
    monkeypatch.setenv("WHEREIN_CONFIG", "/nowhere/config.toml")
    opened = []

    def make(place, view=None):
        opened.append(wherein.open_index(place.root, view=view))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def victim(make_repo, at):
    """A repository that is indexed, its branch too."""
    place = make_repo("victim")
    place.git("remote", "add", "origin", URL)
    place.commit({"auth.py": "def check(given):\n    return hash(given) == SECRET\n"})
    at(place).update()
    at(place, "main").update()
    return place


def texts(index):
    return [hit.text for hit in index.search("check")]


def everywhere():
    found = []
    for index in open_stored(load_settings()):
        with index:
            found += texts(index)
    return found


HOSTILE = "def check(given):\n    return True  # HOSTILE\n"


def named_by_settings(place):
    place.write(".wherein.toml", f'index.name = "{NAME}"\n')


def named_by_origin(place):
    place.git("remote", "add", "origin", URL)


def named_by_a_shortcut(place):
    place.git("remote", "add", "origin", "x:web.git")
    place.git("config", "url.https://example.org/acme/.insteadOf", "x:")


@pytest.mark.parametrize("claim", [named_by_settings, named_by_origin, named_by_a_shortcut])
def test_a_stranger_that_claims_a_name_is_indexed_apart_and_says_so(victim, make_repo, at, claim):
    hostile = make_repo("hostile")
    claim(hostile)
    hostile.commit({"auth.py": HOSTILE})
    index = at(hostile)
    assert index.repository != NAME
    assert NAME in index.note
    index.update()
    at(hostile, "main").update()
    assert "HOSTILE" in texts(at(hostile))[0]
    assert index.repository in stored(load_settings()).disputed
    for view in (None, "main"):
        assert at(victim, view).repository == NAME
        assert not any("HOSTILE" in text for text in texts(at(victim, view)))
    assert everywhere()
    assert not any("HOSTILE" in text for text in everywhere())
    at(hostile).clear()
    assert texts(at(victim, "main"))


def test_a_stranger_with_the_history_and_the_url_of_another_writes_none_of_its_views(victim, clone, at):
    hostile = clone(victim, "hostile")
    hostile.git("remote", "set-url", "origin", URL)
    hostile.commit({"auth.py": HOSTILE})
    branch = at(hostile, "main")
    assert branch.repository == NAME
    assert branch.view != at(victim, "main").view
    branch.update()
    at(hostile).update()
    assert "HOSTILE" in texts(at(hostile, "main"))[0]
    assert not any("HOSTILE" in text for text in texts(at(victim, "main")))
    assert not any("HOSTILE" in text for text in everywhere())
    assert at(victim).named.others() == [str(hostile.root)]


def test_an_honest_second_clone_reads_nothing_anew_and_is_asked_nothing(victim, clone, at):
    second = clone(victim, "second")
    second.git("remote", "set-url", "origin", URL)
    index = at(second)
    assert (index.repository, index.note) == (NAME, "")
    assert index.update().files_embedded == 0
    assert [entry.repository for entry in list_indexes(load_settings().data_dir)] == [NAME]


def test_a_shallow_clone_is_known_by_a_commit_that_the_first_has(victim, clone, at):
    victim.commit({"more.py": "x = 1\n"})
    shallow = clone(victim, "shallow", "--depth=1")
    shallow.git("remote", "set-url", "origin", URL)
    assert (at(shallow).repository, at(shallow).note) == (NAME, "")


def test_the_user_can_say_that_both_are_one_or_two_and_take_it_back(victim, make_repo, at):
    other = make_repo("other")
    named_by_origin(other)
    other.commit({"auth.py": "def check(mirror):\n    return mirror\n"})
    at(other).update()
    apart = at(other).repository
    assert at(other).named.join(apart) == apart
    assert (at(other).repository, at(other).note) == (apart, "")
    assert stored(load_settings()).disputed == []
    assert any("mirror" in text for text in everywhere())
    assert at(other).named.join(None) == NAME  # the name that it claims
    index = at(other)
    assert (index.repository, index.note) == (NAME, "")
    index.update()
    assert sorted(at(victim).named.others()) == [str(other.root / ".git")]
    assert at(other, "main").view == at(victim, "main").view
    assert at(other).named.leave()
    assert at(other).repository == apart


def test_a_moved_repository_keeps_its_name_and_its_branches(victim, at, tmp_path):
    shutil.move(victim.root, tmp_path / "moved")
    moved = type(victim)(tmp_path / "moved")
    index = at(moved, "main")
    assert (index.repository, index.note, index.view) == (NAME, "", "ref:main")
    at(moved).update()
    assert at(moved).named.others() == []


def test_a_name_of_ones_own_choice_is_any_repositorys_to_set_until_another_has_it(make_repo, at):
    first, second = make_repo("one"), make_repo("two")
    for place in (first, second):
        place.commit(
            {".wherein.toml": 'index.name = "acme/web"\n', "a.py": f"def check():\n    '''{place.root}'''\n"}
        )
    at(first).update()
    assert (at(first).repository, at(first).note) == ("acme/web", "")
    assert at(second).repository.startswith("acme/web~two-")


def test_what_the_user_names_is_his_word(victim, make_repo, data_dir, only_our_configuration, monkeypatch):
    other = make_repo("other")
    other.commit({"b.py": "def check_too():\n    return 2\n"})
    config = only_our_configuration / "config.toml"
    config.write_text(f'index.name = "{NAME}"\ndata_dir = "{data_dir}"\n')
    monkeypatch.setenv("WHEREIN_CONFIG", str(config))
    with wherein.open_index(other.root) as index:
        assert (index.repository, index.note) == (NAME, "")


def test_a_damaged_register_is_begun_anew(victim, at, data_dir):
    (data_dir / "names.json").write_text('{"version": 1, "users": [], "joined": 3}')
    at(victim).update()
    assert at(victim).repository == NAME
    assert str(victim.root) in (data_dir / "names.json").read_text()
