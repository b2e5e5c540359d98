"""An answer never pretends: `status` compares the index with what is there, and looking changes nothing."""

import pytest


@pytest.fixture
def index(repo, open_index, defining):
    repo.commit({"a.py": defining("alpha"), "b.py": defining("beta"), "logo.png": b"\x89PNG\0\1\2"})
    index = open_index(repo)
    index.update()
    return index


def test_an_index_that_was_just_updated_is_fresh(repo, index):
    status = index.status()
    assert (status.behind, status.complete) == (0, True)
    assert status.commit == repo.git("rev-parse", "HEAD").strip()
    assert (status.files, status.chunks) == (2, 2)
    assert status.skipped == {"binary": 1}


def test_an_update_and_the_status_count_the_same_files(repo, index, open_index, defining):
    repo.write("c.py", defining("gamma"))
    repo.write("data.bin", b"\0\1\2")
    report = index.update()
    assert (report.files_added, report.files) == (2, 3)
    status = index.status()
    assert (status.files, sum(status.skipped.values())) == (report.files, report.files_skipped)
    assert open_index(repo).update().files == 3


def test_every_edited_added_and_deleted_file_is_counted(repo, index, defining):
    repo.write("a.py", defining("changed"))
    repo.write("new.py", defining("new"))
    (repo.root / "b.py").unlink()
    assert index.status().behind == 3
    index.update()
    assert index.status().behind == 0


def test_a_rename_is_two_files_behind(repo, index):
    repo.git("mv", "a.py", "c.py")
    assert index.status().behind == 2


def test_another_branch_of_the_same_content_is_not_behind(repo, index):
    repo.git("checkout", "--quiet", "-b", "topic")
    commit = repo.commit()
    assert index.status().behind == 0
    index.update()
    assert index.status().commit == commit


def test_without_a_look_nothing_is_said_of_freshness(repo, index, open_index, defining):
    assert index.status(check=False).behind == 0, "the update looked"
    unlooked = open_index(repo)
    repo.write("new.py", defining("new"))
    assert unlooked.status(check=False).behind is None
    assert unlooked.status().behind == 1


def test_what_is_skipped_for_its_content_is_not_behind(index):
    assert "logo.png" not in index.files()
    assert index.skipped() == {"logo.png": "binary"}
    assert index.status().behind == 0


def test_an_update_of_what_is_fresh_writes_nothing(repo, index, data_dir, open_index, contents):
    index.close()
    before = contents(data_dir)
    with open_index(repo) as again:
        report = again.update()
    assert (report.files_added, report.files_changed, report.files_removed, report.chunks) == (0, 0, 0, 0)
    assert report.files_skipped == 1
    assert contents(data_dir) == before


def test_reading_writes_nothing_into_the_index(repo, index, data_dir, open_index, contents):
    index.close()
    before = contents(data_dir)
    with open_index(repo) as reader:
        read_everything(reader)
    assert contents(data_dir) == before


def test_neither_updates_nor_reading_write_into_the_repository(repo, index, open_index, contents, defining):
    repo.write("a.py", defining("changed"))
    repo.write("new.py", defining("new"))
    status, before = repo.git("status", "--porcelain"), contents(repo.root)
    with open_index(repo) as again:
        again.update()
        read_everything(again)
        again.collect()
    with open_index(repo, view="main") as of_ref:
        of_ref.update()
        read_everything(of_ref)
    assert contents(repo.root) == before
    assert repo.git("status", "--porcelain") == status


def read_everything(index) -> None:
    index.search("alpha")
    index.symbols("alpha")
    index.related("a.py", 1)
    index.status()
    index.files()
    index.skipped()
    index.why("a.py")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("a.py", "a.py is indexed in 1 chunks."),
        ("logo.png", "logo.png is left out because of its content: binary."),
        ("new.py", "new.py is not indexed yet: the next update will add it."),
    ],
)
def test_why_tells_the_state_of_a_path(repo, index, monkeypatch, tmp_path, defining, path, said):
    repo.write("new.py", defining("new"))
    monkeypatch.chdir(tmp_path)  # paths are relative to the root, wherever one stands
    assert index.why(path) == said


def test_why_names_the_rule_that_keeps_a_path_out(repo, index, monkeypatch, tmp_path):
    repo.write(".gitignore", "*.log\n")
    repo.write("today.log")
    monkeypatch.chdir(tmp_path)
    assert "*.log" in index.why("today.log")
