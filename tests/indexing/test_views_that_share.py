"""Worktrees, clones, refs and folders of one repository share what is indexed; each sees only its own files."""

import shutil
import subprocess

import pytest


@pytest.fixture
def indexed(repo, open_index, defining):
    """A repository of three files whose worktree is indexed."""
    repo.commit({"a.py": defining("alpha"), "b.py": defining("beta"), "src/c.py": defining("gamma")})
    assert open_index(repo).update().files_embedded == 3
    return repo


def files(index) -> set[str]:
    return set(index.files())


def test_a_second_worktree_embeds_nothing(indexed, tmp_path, open_index, defining, found):
    indexed.git("worktree", "add", "--quiet", "-b", "topic", str(tmp_path / "linked"))
    linked = type(indexed)(tmp_path / "linked")
    index = open_index(linked)
    report = index.update()
    assert (report.files_added, report.files_embedded, report.chunks) == (3, 0, 0)
    assert found(index, "alpha") == ["a.py"]

    linked.write("b.py", defining("topical"))
    assert index.update().files_embedded == 1
    assert found(index, "topical") == ["b.py"]
    assert found(index, "beta") == []
    first = open_index(indexed)
    assert found(first, "topical") == []
    assert found(first, "beta") == ["b.py"]
    assert first.status().behind == 0


def test_a_clone_with_the_same_origin_embeds_nothing(indexed, clone, make_repo, open_index, found):
    for url, place in (
        ("git@example.org:team/project.git", indexed),
        ("https://user:secret@example.org/team/project", clone(indexed, "elsewhere")),
    ):
        place.git("config", "remote.origin.url", url)
    first, second = open_index(indexed), open_index(type(indexed)(indexed.root.parent / "elsewhere"))
    assert first.repository == second.repository == "example.org/team/project"
    assert first.view != second.view
    assert first.update().files_embedded == 3
    report = second.update()
    assert (report.files_added, report.files_embedded) == (3, 0)
    assert found(second, "gamma") == ["src/c.py"]


def test_repositories_of_one_configured_name_share(indexed, make_repo, open_index, defining):
    other = make_repo("other")
    other.commit({"a.py": defining("alpha"), "new.py": defining("omega")})
    open_index(indexed, name="ours").update()
    report = open_index(other, name="ours").update()
    assert (report.files_added, report.files_embedded) == (2, 1)


def test_a_ref_view_after_the_worktree_view_embeds_nothing(indexed, open_index, found, defining):
    commit = indexed.git("rev-parse", "HEAD").strip()
    indexed.write("b.py", defining("dirty"))
    open_index(indexed).update()
    index = open_index(indexed, view="main")
    report = index.update()
    assert (report.files_added, report.files_embedded) == (3, 0)
    assert found(index, "beta") == ["b.py"]
    assert found(index, "dirty") == []
    assert index.status().commit == commit


def test_a_ref_view_follows_its_branch(indexed, open_index, found, defining):
    index = open_index(indexed, view="main")
    index.update()
    indexed.commit({"b.py": defining("later")})
    assert index.status().behind == 1
    assert index.update().files_embedded == 1
    assert found(index, "later") == ["b.py"]
    assert found(index, "beta") == []


def test_tags_and_commits_are_views_too(indexed, open_index, found, defining):
    commit = indexed.git("rev-parse", "HEAD").strip()
    indexed.git("tag", "v1")
    indexed.commit({"b.py": defining("later")})
    for ref in ("v1", commit, "HEAD~1"):
        index = open_index(indexed, view=ref)
        assert index.update().files_embedded == 0
        assert found(index, "beta") == ["b.py"]


def test_a_bare_repository_is_indexed_by_ref(indexed, clone, open_index, found):
    bare = clone(indexed, "served.git", "--bare")  # of another name and without an origin: shares nothing
    index = open_index(bare)
    report = index.update()
    assert (report.files_added, report.files_embedded) == (3, 3)
    assert index.root is None
    assert found(index, "gamma") == ["src/c.py"]
    assert index.status().behind == 0
    same = open_index(bare, view="main")
    assert same.update().files_embedded == 0


def test_a_folder_in_a_repository_is_indexed_alone_under_paths_from_the_root(indexed, open_index, found):
    index = open_index(indexed, "src")
    report = index.update()
    assert (report.files_added, report.files_embedded) == (1, 0)
    assert files(index) == {"src/c.py"}
    assert found(index, "gamma") == ["src/c.py"]
    assert found(index, "alpha") == []
    assert index.root == indexed.root
    assert files(open_index(indexed)) == {"a.py", "b.py", "src/c.py"}


def test_a_folder_outside_git_is_indexed(folder, open_index, found, defining):
    folder.write("a.py", defining("alpha"))
    folder.write("deep/b.py", defining("beta"))
    folder.write("build/c.py", defining("ignored"))
    folder.write(".gitignore", "build/\n")
    index = open_index(folder)
    assert index.update().files_embedded == 3
    assert found(index, "beta") == ["deep/b.py"]
    assert found(index, "ignored") == []
    status = index.status()
    assert (status.commit, status.behind, status.complete) == (None, 0, True)

    (folder.root / "a.py").rename(folder.root / "renamed.py")
    assert index.status().behind == 2
    report = index.update()
    assert (report.files_added, report.files_removed, report.files_embedded) == (1, 1, 1)
    assert found(index, "alpha") == ["renamed.py"]


def test_an_empty_repository_has_an_empty_index(repo, open_index, found, defining):
    index = open_index(repo)
    report = index.update()
    assert (report.files_added, report.chunks) == (0, 0)
    assert index.search("anything") == []
    assert index.symbols("anything") == []
    status = index.status()
    assert (status.commit, status.files, status.behind, status.complete) == (None, 0, 0, True)

    repo.write("first.py", defining("alpha"))
    assert index.update().files_embedded == 1
    repo.commit()
    assert index.update().files_embedded == 0
    assert found(index, "alpha") == ["first.py"]


def test_a_folder_that_is_gone_is_said_in_a_sentence(folder, open_index):
    import wherein

    index = open_index(folder)
    index.update()
    shutil.rmtree(folder.root)
    with pytest.raises(wherein.NotARepository):
        open_index(folder)
    assert index.update().files_removed == 0


@pytest.fixture
def with_submodule(repo, make_repo, defining):
    """A repository with one file of its own and one in a submodule."""
    inner = make_repo("library")
    inner.commit({"lib.py": defining("inner")})
    repo.commit({"a.py": defining("alpha")})
    subprocess.run(
        ["git", "submodule", "--quiet", "add", str(inner.root), "vendored-in"], cwd=repo.root, check=True
    )
    repo.commit()
    return repo


def test_a_submodule_is_followed(with_submodule, open_index, found, defining):
    index = open_index(with_submodule)
    index.update()
    assert found(index, "inner") == ["vendored-in/lib.py"]

    inside = type(with_submodule)(with_submodule.root / "vendored-in")
    inside.write("lib.py", defining("changed"))
    assert index.status().behind == 1
    assert index.update().files_embedded == 1
    assert found(index, "changed") == ["vendored-in/lib.py"]
    assert found(index, "inner") == []
    inside.commit({"more.py": defining("more")})
    assert index.update().files_embedded == 1
    assert found(index, "more") == ["vendored-in/more.py"]


@pytest.mark.parametrize("choice", ["skip", "separate"])
def test_a_submodule_can_be_left_out(with_submodule, open_index, found, choice):
    index = open_index(with_submodule, submodules=choice)
    index.update()
    assert found(index, "inner") == []
    assert index.status().skipped["submodule"] == 1
    assert index.skipped()["vendored-in"] == "submodule"
