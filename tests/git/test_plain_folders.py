import hashlib
import os

import pytest

from wherein.errors import ConfigError
from wherein.git.blob import blob_id
from wherein.skips import SkipReason


def test_a_folder_outside_git_is_listed_under_the_ids_that_git_would_give(folder):
    folder.write("a.py", "a = 1\n")
    folder.write("sub/b.py", "b = 2\n")
    source = folder.source()
    listing = source.listing()
    assert (listing.commit, listing.branch) == (None, None)
    assert listing.files == {path: folder.blob(path) for path in ("a.py", "sub/b.py")}
    assert source.identity == str(folder.root)
    assert source.view_name.startswith("worktree:plain-")
    assert (source.root, source.prefix) == (folder.root, "")
    assert source.read("sub/b.py") == b"b = 2\n"


def test_ignore_files_hold_in_a_folder_as_in_a_repository(folder):
    folder.write(".gitignore", "*.log\n/build/\n")
    folder.write("sub/.gitignore", "!keep.log\n")
    folder.write(".whereinignore", "docs/\n")
    for path in ("a.py", "a.log", "sub/a.log", "sub/keep.log", "build/x.py", "sub/build/y.py", "docs/z.md"):
        folder.write(path)
    source = folder.source()
    listing = source.listing()
    assert set(listing.files) == {
        ".gitignore", ".whereinignore", "a.py", "sub/.gitignore", "sub/keep.log", "sub/build/y.py"
    }  # fmt: skip
    assert listing.skipped == {"docs/": SkipReason.IGNORED}
    assert sorted(source.ignored()) == ["a.log", "build/", "sub/a.log"]


def test_folders_of_dependencies_are_not_entered(folder):
    for path in (
        "app.js",
        "node_modules/left/index.js",
        "sub/node_modules/x.js",
        "venv/pyvenv.cfg",
        "venv/b.py",
    ):
        folder.write(path)
    listing = folder.listing()
    assert set(listing.files) == {"app.js"}
    assert listing.skipped["node_modules/"] == listing.skipped["sub/node_modules/"] == SkipReason.VENDORED
    assert listing.skipped["venv/b.py"] == SkipReason.VENDORED
    assert "node_modules/left/index.js" in folder.listing(include_vendored=True).files


def test_what_version_control_keeps_for_itself_is_no_content(folder):
    for name in (".hg", ".svn", "CVS"):
        folder.write(f"{name}/store")
    folder.write("a.py")
    listing = folder.listing()
    assert set(listing.files) == {"a.py"}
    assert listing.skipped == {}


def test_repositories_in_a_folder_are_followed_as_submodules_are(folder, make_repo):
    folder.write("notes.md")
    one = make_repo("plain/one")
    one.commit({"a.py": "1\n", ".gitignore": "*.o\n", "b.py": "2\n"})
    one.write("a.o")
    one.write("b.py", "22\n")
    followed = folder.listing()
    assert set(followed.files) == {"notes.md", "one/.gitignore", "one/a.py", "one/b.py"}
    assert followed.files["one/b.py"] == blob_id(b"22\n")
    left_out = folder.listing(submodules="skip")
    assert set(left_out.files) == {"notes.md"}
    assert left_out.skipped == {"one": SkipReason.SUBMODULE}


def test_links_and_special_files_in_a_folder_are_never_followed(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret\n")
    folder.write("sub/a.py", "1\n")
    (folder.root / "in").symlink_to("sub")
    (folder.root / "sub/loop").symlink_to("..")
    (folder.root / "out").symlink_to("../secret.txt")
    os.mkfifo(folder.root / "pipe")
    listing = folder.listing()
    assert set(listing.files) == {"sub/a.py"}
    assert listing.skipped == {"out": SkipReason.SYMLINK_OUTSIDE, "pipe": SkipReason.UNREADABLE}


def test_large_and_excluded_files_of_a_folder_are_left_out(folder):
    folder.write("big.py", b"x" * 101)
    folder.write("a.snap")
    folder.write("a.py")
    listing = folder.listing(max_file_bytes=100, exclude=("*.snap",))
    assert set(listing.files) == {"a.py"}
    assert listing.skipped == {"big.py": SkipReason.TOO_LARGE, "a.snap": SkipReason.IGNORED}


def test_an_exclude_pattern_that_cannot_be_read_is_one_sentence(folder, repo):
    for place in (folder, repo):
        place.write("a.py")
        with pytest.raises(ConfigError, match=r"index.exclude holds the pattern '!'") as wrong:
            place.listing(exclude=("!",))
        assert wrong.value.remedy


def test_an_empty_folder_lists_nothing(folder):
    assert folder.listing().files == {}


def test_a_folder_can_be_given_a_name(folder):
    assert folder.source(name="notes").identity == "notes"


def test_the_id_of_bytes_is_that_of_git():
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert blob_id(b"x") == hashlib.sha1(b"blob 1\0x").hexdigest()
