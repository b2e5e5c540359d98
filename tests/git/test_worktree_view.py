import os

import pytest

from wherein.git.blob import blob_id
from wherein.skips import SkipReason


def test_tracked_and_untracked_files_are_listed_under_their_blob_ids(repo):
    commit = repo.commit({"a.py": "a = 1\n", "sub/b.py": "b = 2\n"})
    repo.write("new.py", "new = 3\n")
    listing = repo.listing()
    assert listing.commit == commit
    assert listing.branch == "main"
    assert listing.files == {path: repo.blob(path) for path in ("a.py", "sub/b.py", "new.py")}
    assert listing.skipped == {}


def test_a_dirty_file_has_the_id_of_what_is_on_disk(repo):
    repo.commit({"a.py": "a = 1\n"})
    repo.write("a.py", "a = 2\n")
    assert repo.listing().files == {"a.py": blob_id(b"a = 2\n")}


def test_an_edit_right_after_the_index_was_written_is_noticed(repo):
    repo.write("a.py", "a = 1\n")
    repo.git("add", "a.py")
    repo.write("a.py", "a = 2\n")
    assert repo.listing().files == {"a.py": blob_id(b"a = 2\n")}


def test_a_file_whose_time_alone_changed_keeps_its_blob(repo):
    repo.commit({"a.py": "a = 1\n"})
    os.utime(repo.root / "a.py", (1_700_000_000, 1_700_000_000))
    assert repo.listing().files == {"a.py": blob_id(b"a = 1\n")}


def test_deleted_files_are_absent_whether_staged_or_not(repo):
    repo.commit({"kept.py": "", "staged.py": "1\n", "unstaged.py": "2\n"})
    repo.git("rm", "--quiet", "staged.py")
    (repo.root / "unstaged.py").unlink()
    assert set(repo.listing().files) == {"kept.py"}


def test_a_file_that_is_only_removed_from_the_index_is_still_listed(repo):
    repo.commit({"a.py": "a = 1\n"})
    repo.git("rm", "--quiet", "--cached", "a.py")
    assert repo.listing().files == {"a.py": blob_id(b"a = 1\n")}


def test_a_renamed_file_keeps_its_blob(repo):
    repo.commit({"old.py": "same\n"})
    repo.git("mv", "old.py", "new.py")
    assert repo.listing().files == {"new.py": blob_id(b"same\n")}


def test_a_case_only_rename_shows_the_new_name_alone(repo):
    repo.commit({"Readme.md": "hello\n"})
    repo.git("mv", "Readme.md", "README.md")
    assert set(repo.listing().files) == {"README.md"}


def test_ignored_files_are_not_listed_but_can_be_asked_for(repo):
    repo.commit({".gitignore": "*.log\nbuild/\n", "a.py": ""})
    repo.write("debug.log")
    repo.write("build/out.py")
    (repo.root / ".git/info/exclude").write_text("private.txt\n")
    repo.write("private.txt")
    source = repo.source()
    listing = source.listing()
    assert set(listing.files) == {".gitignore", "a.py"}
    assert listing.skipped == {}
    assert sorted(source.ignored()) == ["build/", "debug.log", "private.txt"]


def test_a_tracked_file_that_matches_gitignore_is_listed(repo):
    repo.write(".gitignore", "*.log\n")
    repo.write("kept.log", "log\n")
    repo.git("add", "--force", "kept.log")
    assert "kept.log" in repo.listing().files


def test_a_repository_without_commits_lists_its_files(repo):
    repo.write("first.py", "1\n")
    listing = repo.listing()
    assert listing.commit is None
    assert listing.branch == "main"
    assert listing.files == {"first.py": blob_id(b"1\n")}


def test_a_file_called_HEAD_does_not_pass_for_a_commit(repo):
    repo.write("HEAD", "1\n")
    listing = repo.listing()
    assert listing.commit is None
    assert set(listing.files) == {"HEAD"}


def test_an_empty_repository_lists_nothing(repo):
    assert repo.listing().files == {}


def test_a_detached_head_has_a_commit_and_no_branch(repo):
    commit = repo.commit({"a.py": "1\n"})
    repo.commit({"a.py": "2\n"})
    repo.git("checkout", "--quiet", "--detach", commit)
    listing = repo.listing()
    assert (listing.commit, listing.branch) == (commit, None)


def test_unmerged_files_are_listed_as_they_are_on_disk(repo):
    repo.commit({"both.py": "base\n", "theirs.py": "base\n"})
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit({"both.py": "theirs\n", "theirs.py": "changed\n"})
    repo.git("checkout", "--quiet", "main")
    repo.write("both.py", "ours\n")
    repo.git("rm", "--quiet", "theirs.py")
    repo.commit()
    repo.git("merge", "other", check=False)
    assert "UU both.py" in repo.git("status", "--porcelain")
    files = repo.listing().files
    assert files == {path: repo.blob(path) for path in ("both.py", "theirs.py")}
    assert b"<<<<<<<" in (repo.root / "both.py").read_bytes()


def test_a_file_marked_intent_to_add_has_the_id_of_its_content(repo):
    repo.write("soon.py", "soon\n")
    repo.git("add", "--intent-to-add", "soon.py")
    assert repo.listing().files == {"soon.py": blob_id(b"soon\n")}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_edits_that_git_was_told_to_overlook_are_seen(repo, flag):
    repo.commit({"settings.py": "debug = 0\n"})
    repo.git("update-index", flag, "settings.py")
    repo.write("settings.py", "debug = 1\n")
    assert repo.git("status", "--porcelain") == ""
    assert repo.listing().files == {"settings.py": blob_id(b"debug = 1\n")}


def test_files_outside_a_sparse_checkout_are_absent(repo):
    repo.commit({"in/a.py": "1\n", "out/b.py": "2\n"})
    repo.git("sparse-checkout", "set", "in")
    source = repo.source()
    assert set(source.listing().files) == {"in/a.py"}
    assert "sparse" in source.explain("out/b.py").sentence


def test_a_sparse_index_lists_as_a_full_one(repo):
    repo.commit({"in/a.py": "1\n", "out/b.py": "2\n", "out/deep/c.py": "3\n"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert set(repo.listing().files) == {"in/a.py"}


def test_a_linked_worktree_is_another_view_of_the_same_repository(repo, tmp_path, clone):
    repo.commit({"a.py": "1\n"})
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = type(repo)(tmp_path / "linked")
    linked.write("b.py", "2\n")
    main, side = repo.source(), linked.source()
    assert side.identity == main.identity
    assert side.view_name != main.view_name
    assert side.root == tmp_path / "linked"
    assert set(main.listing().files) == {"a.py"}
    assert set(side.listing().files) == {"a.py", "b.py"}
    assert side.listing().branch == "side"


def test_a_worktree_of_a_bare_repository_lists_its_files(repo, tmp_path, clone):
    repo.commit({"a.py": "1\n"})
    bare = clone(repo, "bare.git", "--bare")
    bare.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "main")
    linked = type(repo)(tmp_path / "linked")
    linked.write("b.py", "2\n")
    assert set(linked.listing().files) == {"a.py", "b.py"}


def test_a_folder_in_a_repository_lists_only_what_lies_below(repo):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n", "sub/deep/c.py": "3\n", "subway.py": "4\n"})
    repo.write("sub/new.py", "5\n")
    repo.write("sub/b.py", "22\n")
    (repo.root / "sub/deep/c.py").unlink()
    whole, part = repo.source(), repo.source("sub")
    assert part.prefix == "sub/"
    assert part.root == repo.root
    assert part.identity == whole.identity
    assert part.view_name != whole.view_name
    assert part.listing().files == {"sub/b.py": blob_id(b"22\n"), "sub/new.py": blob_id(b"5\n")}
    assert part.read("sub/b.py") == b"22\n"


def test_a_folder_whose_name_looks_like_a_pattern_is_taken_literally(repo):
    repo.commit({"[a]*/x.py": "1\n", "a/y.py": "2\n"})
    assert set(repo.listing("[a]*").files) == {"[a]*/x.py"}


def test_the_git_folder_stands_for_its_repository(repo):
    repo.commit({"a.py": "1\n"})
    source = repo.source(".git")
    assert (source.root, source.prefix) == (repo.root, "")
    assert set(source.listing().files) == {"a.py"}


def test_symbolic_links_are_not_followed_and_those_that_lead_out_are_said(repo, tmp_path):
    (tmp_path / "secret.txt").write_text("secret\n")
    repo.write("real/a.py", "1\n")
    links = {
        "inside": "real/a.py",
        "folder": "real",
        "dangling": "nowhere",
        "outside": "../secret.txt",
        "absolute": str(tmp_path / "secret.txt"),
        "parent": "..",
    }
    for name, target in links.items():
        (repo.root / name).symlink_to(target)
    for _ in ("untracked", "tracked"):
        listing = repo.listing()
        assert set(listing.files) == {"real/a.py"}
        assert listing.skipped == dict.fromkeys(("outside", "absolute", "parent"), SkipReason.SYMLINK_OUTSIDE)
        repo.commit()


def test_a_link_out_of_the_opened_folder_but_not_of_the_repository_is_inside(repo):
    repo.commit({"lib/a.py": "1\n", "app/b.py": "2\n"})
    (repo.root / "app/lib").symlink_to("../lib")
    listing = repo.listing("app")
    assert set(listing.files) == {"app/b.py"}
    assert listing.skipped == {}


def test_a_file_that_was_a_link_is_listed_and_the_reverse(repo):
    repo.write("target.py", "1\n")
    (repo.root / "was_link").symlink_to("target.py")
    repo.commit({"was_file": "file\n"})
    (repo.root / "was_link").unlink()
    repo.write("was_link", "now a file\n")
    (repo.root / "was_file").unlink()
    (repo.root / "was_file").symlink_to("target.py")
    assert set(repo.listing().files) == {"target.py", "was_link"}


def test_a_tracked_folder_that_became_a_link_to_elsewhere_is_gone(repo, tmp_path):
    repo.commit({"sub/a.py": "1\n"})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.py").write_text("1\n")
    (repo.root / "sub/a.py").unlink()
    (repo.root / "sub").rmdir()
    (repo.root / "sub").symlink_to(tmp_path / "elsewhere")
    listing = repo.listing()
    assert listing.files == {}
    assert listing.skipped == {"sub": SkipReason.SYMLINK_OUTSIDE}


def test_files_over_the_limit_are_left_out_before_they_are_read(repo):
    repo.commit({"big.py": b"x" * 101, "fits.py": b"x" * 100})
    repo.write("big_new.py", b"x" * 101)
    listing = repo.listing(max_file_bytes=100)
    assert set(listing.files) == {"fits.py"}
    assert listing.skipped == dict.fromkeys(("big.py", "big_new.py"), SkipReason.TOO_LARGE)


def test_a_fifo_in_a_tracked_file_s_place_is_unreadable_and_nothing_waits_for_it(repo):
    repo.commit({"pipe.py": "1\n"})
    (repo.root / "pipe.py").unlink()
    os.mkfifo(repo.root / "pipe.py")
    source = repo.source()
    listing = source.listing()
    assert listing.files == {}
    assert listing.skipped == {"pipe.py": SkipReason.UNREADABLE}
    with pytest.raises(OSError, match="regular"):
        source.read("pipe.py")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable_and_the_others_are_listed(repo):
    repo.commit({"a.py": "1\n"})
    for name in ("b.py", "c.py", "d.py"):
        repo.write(name, "2\n")
    (repo.root / "c.py").chmod(0)
    listing = repo.listing()
    assert set(listing.files) == {"a.py", "b.py", "d.py"}
    assert listing.skipped == {"c.py": SkipReason.UNREADABLE}


def test_a_nested_repository_that_is_no_submodule_is_left_out_as_one(repo, make_repo):
    repo.commit({"a.py": "1\n"})
    inner = make_repo("project/inner")
    inner.commit({"b.py": "2\n"})
    listing = repo.listing()
    assert set(listing.files) == {"a.py"}
    assert listing.skipped == {"inner": SkipReason.SUBMODULE}


def test_pattern_and_attribute_files_that_are_no_files_are_passed_over(repo):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n"})
    os.mkfifo(repo.root / ".whereinignore")
    (repo.root / ".gitattributes").mkdir()
    (repo.root / "sub/.whereinignore").symlink_to("/dev/zero")
    assert set(repo.listing().files) == {"a.py", "sub/b.py"}


def test_line_ends_are_converted_for_the_id_as_git_does(repo):
    repo.commit({".gitattributes": "*.txt text eol=lf\n"})
    repo.write("dos.txt", "one\r\ntwo\r\n")
    repo.write("dos.bin", "one\r\ntwo\r\n")
    source = repo.source()
    files = source.listing().files
    assert files["dos.txt"] == blob_id(b"one\ntwo\n") == repo.blob("dos.txt")
    assert files["dos.bin"] == blob_id(b"one\r\ntwo\r\n")
    assert source.read("dos.txt") == b"one\r\ntwo\r\n"


def test_a_repository_with_sha256_ids_is_listed(make_repo):
    repo = make_repo("modern", "--object-format=sha256")
    repo.commit({"a.py": "1\n"})
    repo.write("b.py", "2\n")
    files = repo.listing().files
    assert files == {path: repo.blob(path) for path in ("a.py", "b.py")}
    assert all(len(blob) == 64 for blob in files.values())


def test_listing_writes_nothing_into_the_repository(repo):
    repo.commit({"a.py": "1\n"})
    os.utime(repo.root / "a.py")
    repo.write("b.py", "2\n")

    def state():
        places = [*repo.root.rglob("*"), repo.root]
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in places}

    before = state()
    source = repo.source()
    source.listing()
    source.read("b.py")
    source.explain("a.py")
    source.ignored()
    assert state() == before


def test_only_paths_that_a_listing_could_hold_are_read(repo, tmp_path):
    repo.commit({"a.py": "1\n"})
    (tmp_path / "secret.txt").write_text("secret\n")
    (repo.root / "link").symlink_to(tmp_path / "secret.txt")
    source = repo.source()
    for path in ("../secret.txt", str(tmp_path / "secret.txt"), "", "a.py/../../secret.txt", "link", "nul\0"):
        with pytest.raises(OSError, match=r".+"):
            source.read(path)
    with pytest.raises(FileNotFoundError):
        source.read("gone.py")


def test_variables_of_a_hook_do_not_lead_git_elsewhere(repo, make_repo, monkeypatch):
    repo.commit({"a.py": "1\n"})
    other = make_repo("other")
    other.commit({"b.py": "2\n"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "sub/")
    source = repo.source()
    assert source.root == repo.root
    assert set(source.listing().files) == {"a.py"}


def test_a_worktree_elsewhere_by_configuration_is_not_read(repo, tmp_path):
    repo.commit({"a.py": "1\n"})
    (tmp_path / "home").mkdir()
    (tmp_path / "home/private.txt").write_text("private\n")
    repo.git("config", "core.worktree", str(tmp_path / "home"))
    source = repo.source()
    assert source.root == repo.root
    assert set(source.listing().files) == {"a.py"}
