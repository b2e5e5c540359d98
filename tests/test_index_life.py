"""Opening, closing, missing and incompatible indexes through the library."""

import os
import subprocess
import sys

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.made_with import header
from wherein.opening import open_stored
from wherein.store.sqlite import descriptors


@pytest.fixture
def project(repo):
    repo.commit({"a.py": "def alpha():\n    return 1\n", "inc/b.inc": "<?php\nfunction beta() {\n}\n"})
    return repo


READING = {
    "search": lambda index: index.search("alpha"),
    "symbols": lambda index: index.symbols("alpha"),
    "related": lambda index: index.related("a.py", 1),
    "status": lambda index: index.status(),
    "files": lambda index: index.files(),
    "skipped": lambda index: index.skipped(),
    "collect": lambda index: index.collect(),
}


QUESTIONS = {
    "symbols": lambda index: index.symbols("alpha"),
    "related": lambda index: index.related("a.py", 1),
    "definition": lambda index: index.definition("a.py", 1),
    "callers": lambda index: index.callers_of("alpha"),
    "callees": lambda index: index.callees("a.py", 1),
    "outline": lambda index: index.outline("a.py"),
    "files": lambda index: index.files(),
}


@pytest.fixture(params=["embedded", "redis"])
def kept_in(request):
    """Settings of a store of each kind."""
    return {} if request.param == "embedded" else {"store": request.getfixturevalue("redis_url")}


def test_what_is_asked_of_a_view_that_somebody_else_forgot_is_not_answered_with_nothing(
    project, data_dir, kept_in
):
    settings = Settings(data_dir=data_dir, **kept_in)
    for ask in QUESTIONS.values():
        with wherein.open_index(project.root, settings=settings) as mine:
            mine.update(processes=0)
            assert ask(mine) is not None
            with wherein.open_index(project.root, settings=settings) as other:
                other.forget_view()
            with pytest.raises(wherein.IndexMissing):
                ask(mine)


@pytest.mark.parametrize("read", READING.values(), ids=READING)
def test_before_the_first_update_nothing_can_be_read_and_the_remedy_is_told(
    project, open_index, data_dir, read
):
    with pytest.raises(wherein.IndexMissing, match="index") as missing:
        read(open_index(project))
    assert missing.value.remedy == "wherein index"
    assert not list(data_dir.rglob("*.db")), "asking makes no index"


def test_a_view_that_was_never_updated_is_missing_although_its_repository_is_indexed(project, open_index):
    open_index(project).update()
    with pytest.raises(wherein.IndexMissing):
        open_index(project, view="main").search("alpha")


def test_opening_writes_nothing(project, open_index, data_dir):
    open_index(project)
    assert not data_dir.exists()


def test_the_classes_of_the_readme_are_there():
    for name in wherein.__all__:
        assert getattr(wherein, name)
    with pytest.raises(AttributeError):
        _ = wherein.nothing


def test_an_index_is_a_context_manager_and_closes_twice(project, data_dir):
    with wherein.open_index(project.root, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        assert index.search("alpha")
    index.close()


def test_settings_come_from_the_environment_and_the_project_file(project, monkeypatch, tmp_path):
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("WHEREIN_CONFIG", str(tmp_path / "no-config.toml"))
    project.write(".wherein.toml", '[index]\nname = "acme/web"\nexclude = ["a.py"]\n')
    with wherein.open_index(project.root / "inc") as index:
        assert index.repository == "acme/web"
        index.update()
    with wherein.open_index(project.root) as index:
        index.update()
        assert "a.py" not in index.files()
    assert list((tmp_path / "elsewhere").rglob("*.db"))


def test_a_store_may_be_named(project, tmp_path, data_dir):
    url = f"sqlite://{(tmp_path / 'own').as_posix()}"
    with wherein.open_index(project.root, store=url, settings=Settings(data_dir=data_dir)) as index:
        index.update()
        assert index.status().store.startswith(url)
    assert list((tmp_path / "own").rglob("*.db"))


@pytest.mark.parametrize(
    ("view", "error"), [("no-such-branch", wherein.ConfigError), ("--output=x", wherein.ConfigError)]
)
def test_a_view_that_there_is_not_is_refused(project, open_index, view, error):
    with pytest.raises(error):
        open_index(project, view=view)


@pytest.mark.parametrize("view", ["main@{1}", "no-such-branch"])
def test_looking_for_a_view_leaves_no_connection_open(project, data_dir, view):
    settings = Settings(data_dir=data_dir)
    with wherein.open_index(project.root, settings=settings) as index:
        index.update()
    with pytest.raises(wherein.WhereinError):
        wherein.open_index(project.root, view=view, settings=settings)
    assert not descriptors._open


def test_a_path_that_there_is_not_is_refused(tmp_path, data_dir):
    for path in (tmp_path / "nowhere", tmp_path / "a\0b"):
        with pytest.raises(wherein.NotARepository):
            wherein.open_index(path, settings=Settings(data_dir=data_dir))


def test_a_file_in_the_place_of_a_folder_is_refused(project, data_dir):
    with pytest.raises(wherein.NotARepository, match="is a file"):
        wherein.open_index(project.root / "a.py", settings=Settings(data_dir=data_dir))


@pytest.fixture(params=["chunking.chunker.CHUNKER_VERSION", "tokens.STEMMER_VERSION"])
def of_another_version(project, open_index, monkeypatch, request):
    """An index that a version with another chunker, or with another stemmer, wrote."""
    with monkeypatch.context() as other:
        other.setattr(f"wherein.{request.param}", "0-other")
        open_index(project).update()
    return project


@pytest.mark.parametrize("read", READING.values(), ids=READING)
def test_an_index_of_another_version_is_refused_with_what_mends_it(of_another_version, open_index, read):
    with pytest.raises(wherein.IndexIncompatible) as refused:
        read(open_index(of_another_version))
    assert refused.value.remedy == "wherein index"


def test_of_an_older_versions_index_a_view_is_not_told_as_missing(of_another_version, data_dir):
    with pytest.raises(wherein.IndexIncompatible):
        wherein.open_index(of_another_version.root, view="main@{1}", settings=Settings(data_dir=data_dir))


def test_an_update_makes_the_index_of_an_older_version_anew(of_another_version, open_index):
    index = open_index(of_another_version)
    report = index.update()
    assert (report.renewed, report.files_embedded) == (True, 2)
    assert index.search("alpha")[0].path == "a.py"
    with open_index(of_another_version) as again:
        assert again.status().behind == 0
        report = again.update()
        assert (report.renewed, report.files_embedded) == (False, 0)


def test_an_update_makes_the_index_of_an_older_version_anew_at_a_commit(of_another_version, data_dir):
    commit = of_another_version.commit()
    settings = Settings(data_dir=data_dir)
    with wherein.open_index(of_another_version.root, view=commit, settings=settings) as index:
        with pytest.raises(wherein.IndexIncompatible):
            index.search("alpha")
        index.update()
        assert index.search("alpha")[0].path == "a.py"


def test_what_was_made_anew_before_an_update_was_cut_short_is_gone_on_from(of_another_version, open_index):
    def stop(progress):
        raise KeyboardInterrupt

    with open_index(of_another_version) as index, pytest.raises(KeyboardInterrupt):
        index.update(stop)
    with open_index(of_another_version) as again:
        with pytest.raises(wherein.IndexMissing):
            again.search("alpha")
        assert not again.update().renewed
        assert again.search("alpha")[0].path == "a.py"


def test_the_index_of_a_newer_version_is_not_thrown_away_unless_forced(project, open_index, monkeypatch):
    with monkeypatch.context() as newer:
        newer.setattr("wherein.chunking.chunker.CHUNKER_VERSION", "9999")
        open_index(project).update()
    index = open_index(project)
    for beside in (False, True):
        with pytest.raises(wherein.IndexIncompatible, match="newer version") as refused:
            index.update(beside=beside)
        assert "update wherein" in refused.value.remedy
        assert "wherein index --force" in refused.value.remedy
    index.update(force=True)
    assert index.search("alpha")[0].path == "a.py"


def test_an_index_for_another_model_is_made_anew_by_who_asks_for_an_index_alone(
    project, open_index, monkeypatch
):
    with monkeypatch.context() as other, open_index(project) as index:
        other.setattr("wherein.made_with.header", lambda _, dimension: header("another@1", dimension))
        index.update()
    index = open_index(project)
    with pytest.raises(wherein.IndexIncompatible, match="another model") as refused:
        index.update()
    assert refused.value.remedy == "wherein index"
    assert index.update(beside=True).renewed
    assert index.search("alpha")[0].path == "a.py"


def test_force_mends_a_damaged_index(project, open_index, data_dir):
    with open_index(project) as index:
        index.update()
    (file,) = data_dir.rglob("*.db")
    file.write_bytes(b"no database at all" * 1000)
    index = open_index(project)
    with pytest.raises(wherein.IndexIncompatible):
        index.search("alpha")
    index.update(force=True)
    assert index.search("alpha")[0].path == "a.py"


def test_force_embeds_all_again(project, open_index):
    index = open_index(project)
    index.update()
    assert index.update().files_embedded == 0
    assert index.update(force=True).files_embedded == 2
    assert index.search("alpha")[0].path == "a.py"


def test_a_forced_update_that_is_cut_short_leaves_the_old_index(project, open_index):
    index = open_index(project)
    index.update()

    def stop(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(stop, force=True)
    index.close()
    again = open_index(project)
    assert again.search("alpha")[0].path == "a.py"
    assert again.status().complete


def test_a_language_chosen_for_an_extension_makes_new_versions_of_its_files_alone(project, open_index):
    index = open_index(project)
    index.update()
    chosen = open_index(project, languages={".inc": "php"})
    assert chosen.status().behind == 1
    report = chosen.update()
    assert (report.files_changed, report.files_embedded) == (1, 1)
    assert [(hit.path, hit.language) for hit in chosen.symbols("beta")] == [("inc/b.inc", "php")]
    assert chosen.files() == index.files(), "blobs are git's, whatever the language"
    assert open_index(project).update().files_embedded == 0
    assert chosen.update().files_embedded == 0


def test_clearing_deletes_the_index_and_says_how_much(project, open_index, data_dir):
    index = open_index(project)
    index.update()
    assert index.clear() > 0
    assert not list(data_dir.rglob("*.db"))
    with pytest.raises(wherein.IndexMissing):
        index.search("alpha")
    index.update()
    assert index.search("alpha")


def test_a_reader_sees_what_another_index_object_writes(project, open_index):
    reader, writer = open_index(project), open_index(project)
    writer.update()
    assert reader.search("alpha")
    project.write("c.py", "def gamma():\n    return 3\n")
    writer.update()
    assert reader.search("gamma")[0].path == "c.py"


def test_stored_indexes_can_be_searched_without_their_repositories(project, make_repo, open_index, data_dir):
    other = make_repo("other")
    other.commit({"z.py": "def zeta():\n    return 26\n"})
    for place in (project, other):
        with open_index(place) as index:
            index.update()
    hits = {}
    for index in open_stored(Settings(data_dir=data_dir)):
        with index:
            hits[index.repository.partition("@")[0]] = [
                hit.path for hit in index.search("zeta", mode="lexical")
            ]
            assert index.status(check=False).behind is None
            with pytest.raises(wherein.ConfigError, match="opened from the store"):
                index.update()
    assert hits == {"project": [], "other": ["z.py"]}


def test_importing_wherein_imports_nothing_that_is_heavy():
    heavy = {
        "numpy",
        "git",
        "tree_sitter",
        "rich",
        "click",
        "sqlite3",
        "wherein.index",
        "filelock",
        "simsimd",
    }
    program = f"import sys, wherein; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_git_can_be_at_work_before_a_search_imports_arrays():
    program = "import sys, wherein.opening, wherein_server.cli.commands.search; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
