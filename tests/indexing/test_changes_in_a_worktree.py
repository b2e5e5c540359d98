"""Only (path, blob) pairs that the store lacks are chunked and embedded; what is gone is not found any more."""

import pytest


@pytest.fixture
def index(repo, open_index, defining):
    """Of three committed files, up to date."""
    repo.commit({"a.py": defining("alpha"), "b.py": defining("beta"), "src/c.py": defining("gamma")})
    index = open_index(repo)
    report = index.update()
    assert (report.files_added, report.files_embedded, report.chunks) == (3, 3, 3)
    return index


def test_an_edited_file_is_embedded_again_and_no_other(repo, index, defining, found):
    repo.write("b.py", defining("beta", "delta"))
    report = index.update()
    assert (report.files_changed, report.files_embedded, report.chunks) == (1, 1, 2)
    assert found(index, "delta") == ["b.py"]


def test_what_an_edit_takes_away_is_not_found_any_more(repo, index, defining, found):
    repo.write("b.py", defining("delta"))
    index.update()
    assert found(index, "beta") == []
    assert index.symbols("beta") == []
    assert found(index, "delta") == ["b.py"]


def test_an_added_file_is_found_before_git_tracks_it(repo, index, defining, found):
    repo.write("new.py", defining("omega"))
    report = index.update()
    assert (report.files_added, report.files_embedded) == (1, 1)
    assert found(index, "omega") == ["new.py"]


def test_adding_and_committing_what_is_indexed_embeds_nothing(repo, index, defining):
    repo.write("new.py", defining("omega"))
    index.update()
    repo.git("add", "new.py")
    assert index.update().files_embedded == 0
    commit = repo.commit()
    report = index.update()
    assert (report.files_added, report.files_changed, report.files_embedded) == (0, 0, 0)
    assert index.status().commit == commit


def test_a_deleted_file_vanishes(repo, index, found):
    (repo.root / "b.py").unlink()
    report = index.update()
    assert (report.files_removed, report.files_embedded) == (1, 0)
    assert found(index, "beta") == []
    assert "b.py" not in index.files()


def test_a_renamed_file_is_found_under_its_new_name_only(repo, index, found):
    repo.git("mv", "b.py", "renamed.py")
    report = index.update()
    assert (report.files_added, report.files_removed, report.files_embedded) == (1, 1, 1)
    assert found(index, "beta") == ["renamed.py"]


def test_a_renamed_folder_takes_its_files_along(repo, index, found):
    repo.git("mv", "src", "lib")
    assert index.update().files_embedded == 1
    assert found(index, "gamma") == ["lib/c.py"]


def test_a_rename_of_case_alone_is_a_rename(repo, index, found):
    repo.git("mv", "b.py", "B.py")
    report = index.update()
    assert (report.files_added, report.files_removed) == (1, 1)
    assert found(index, "beta") == ["B.py"]
    repo.git("mv", "B.py", "b.py")
    assert index.update().files_embedded == 0
    assert found(index, "beta") == ["b.py"]


def test_a_file_that_becomes_ignored_vanishes(repo, index, found):
    repo.write("scratch.py", "def scratch():\n    pass\n")
    index.update()
    assert found(index, "scratch") == ["scratch.py"]
    repo.write(".gitignore", "scratch.py\n")
    assert index.update().files_removed == 1
    assert found(index, "scratch") == []


def test_a_file_that_becomes_too_large_vanishes(repo, index, found, defining):
    repo.write("b.py", defining("beta") + "x = 1\n" * 200_000)
    report = index.update()
    assert (report.files_removed, report.files_skipped, report.files_embedded) == (1, 1, 0)
    assert found(index, "beta") == []


def test_stash_and_stash_pop_embed_nothing_again(repo, index, defining, found):
    repo.write("a.py", defining("alpha", "stashed"))
    assert index.update().files_embedded == 1
    repo.git("stash")
    assert index.update().files_embedded == 0
    assert found(index, "stashed") == []
    repo.git("stash", "pop")
    assert index.update().files_embedded == 0
    assert found(index, "stashed") == ["a.py"]


def test_another_branch_embeds_only_what_differs_and_the_way_back_nothing(repo, index, defining, found):
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({"b.py": defining("topical"), "d.py": defining("delta")})
    repo.git("checkout", "--quiet", "main")
    assert index.update().files_embedded == 0
    repo.git("checkout", "--quiet", "topic")
    report = index.update()
    assert (report.files_added, report.files_changed, report.files_embedded) == (1, 1, 2)
    assert found(index, "topical") == ["b.py"]
    assert found(index, "beta") == []
    repo.git("checkout", "--quiet", "main")
    report = index.update()
    assert (report.files_removed, report.files_changed, report.files_embedded) == (1, 1, 0)
    assert found(index, "beta") == ["b.py"]
    assert found(index, "topical") == []
    assert found(index, "delta") == []


def test_the_view_shows_the_disk_whatever_is_staged(repo, index, defining, found):
    repo.write("a.py", defining("staged"))
    repo.git("add", "a.py")
    repo.write("a.py", defining("unstaged"))
    assert index.update().files_embedded == 1
    assert found(index, "unstaged") == ["a.py"]
    assert found(index, "staged") == []
    repo.git("checkout", "--", "a.py")  # what is staged comes back to the disk
    assert index.update().files_embedded == 1
    assert found(index, "staged") == ["a.py"]


def test_a_change_that_is_taken_back_embeds_nothing(repo, index, defining, found):
    repo.write("a.py", defining("mistake"))
    assert index.update().files_embedded == 1
    repo.git("checkout", "--", "a.py")
    report = index.update()
    assert (report.files_changed, report.files_embedded) == (1, 0)
    assert found(index, "mistake") == []
    assert found(index, "alpha") == ["a.py"]


def test_a_touched_file_is_no_change(repo, index):
    (repo.root / "a.py").touch()
    report = index.update()
    assert (report.files_changed, report.files_embedded) == (0, 0)


def test_a_changed_file_mode_is_no_change(repo, index):
    (repo.root / "a.py").chmod(0o755)
    assert index.update().files_changed == 0


def test_copies_under_other_names_are_found_once(repo, index, defining):
    repo.write("copy/a.py", defining("alpha"))
    index.update()
    assert [hit.path for hit in index.search("alpha") if hit.symbol == "alpha"] in (["a.py"], ["copy/a.py"])


def test_a_setting_that_leaves_files_out_hides_them(repo, index, open_index, found):
    narrower = open_index(repo, exclude=("src/",))
    report = narrower.update()
    assert (report.files_removed, report.files_embedded) == (1, 0)
    assert found(narrower, "gamma") == []
    assert index.update().files_embedded == 0
    assert found(index, "gamma") == ["src/c.py"]
