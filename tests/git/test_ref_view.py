import shutil

import pytest

from wherein.errors import ConfigError, NotARepository
from wherein.git.blob import blob_id
from wherein.skips import SkipReason


def test_a_ref_shows_what_it_holds_whatever_is_on_disk(repo):
    first = repo.commit({"a.py": "1\n", "sub/b.py": "2\n"})
    repo.git("tag", "v1")
    second = repo.commit({"a.py": "11\n"})
    repo.write("a.py", "dirty\n")
    repo.write("untracked.py")
    for ref, commit, branch in (("v1", first, None), (first, first, None), ("main", second, "main")):
        source = repo.source(ref=ref)
        listing = source.listing()
        assert (listing.commit, listing.branch) == (commit, branch)
        assert source.view_name == f"ref:{ref}"
        content = b"11\n" if commit == second else b"1\n"
        assert listing.files == {"a.py": blob_id(content), "sub/b.py": blob_id(b"2\n")}
        assert source.read("a.py") == content
        source.close()


def test_a_ref_and_a_clean_worktree_list_the_same(repo):
    repo.commit(
        {"a.py": "1\n", ".gitattributes": "gen/* linguist-generated\n", "gen/x.py": "", "yarn.lock": ""}
    )
    on_disk, in_git = repo.listing(), repo.listing(ref="HEAD")
    assert in_git.files == on_disk.files
    assert in_git.skipped == on_disk.skipped


def test_a_ref_that_moves_is_followed_by_the_next_listing(repo):
    repo.commit({"a.py": "1\n"})
    source = repo.source(ref="main")
    source.listing()
    repo.commit({"b.py": "2\n"})
    assert set(source.listing().files) == {"a.py", "b.py"}
    assert source.read("b.py") == b"2\n"
    source.close()


def test_a_bare_repository_lists_head(repo, clone):
    commit = repo.commit({"a.py": "1\n"})
    source = clone(repo, "bare.git", "--bare").source()
    listing = source.listing()
    assert source.root is None
    assert source.view_name == "ref:HEAD"
    assert (listing.commit, listing.branch) == (commit, "main")
    assert listing.files == {"a.py": blob_id(b"1\n")}
    assert source.read("a.py") == b"1\n"
    assert source.explain("a.py").included
    source.close()


def test_an_empty_bare_repository_lists_nothing(make_repo):
    bare = make_repo("empty.git", "--bare")
    listing = bare.listing()
    assert (listing.commit, listing.files) == (None, {})


@pytest.mark.parametrize(
    "ref",
    ["nowhere", "", "-x", "--all", "a b", "main\nHEAD", "nul\0", "HEAD:a.py", "main..main", "\udcff", "@{9}"],
)
def test_an_unknown_ref_is_one_sentence(repo, ref):
    repo.commit({"a.py": "1\n"})
    with pytest.raises(ConfigError, match=r"is not a branch, tag or commit of .*\.$") as unknown:
        repo.source(ref=ref)
    assert "\n" not in str(unknown.value)


def test_a_ref_outside_git_is_refused(folder):
    with pytest.raises(NotARepository, match="not in a git repository"):
        folder.source(ref="main")


def test_a_folder_in_a_ref_lists_only_what_lies_below(repo):
    repo.commit({"a.py": "1\n", "sub/b.py": "2\n", ".whereinignore": "*.gen\n", "sub/c.gen": "3\n"})
    source = repo.source("sub", ref="main")
    listing = source.listing()
    assert set(listing.files) == {"sub/b.py"}
    assert listing.skipped == {"sub/c.gen": SkipReason.IGNORED}
    assert source.view_name != repo.source(ref="main").view_name
    source.close()


def test_attributes_come_from_the_tree_and_not_from_the_disk(repo):
    repo.commit(
        {
            ".gitattributes": "gen/** linguist-generated\nlib/** linguist-vendored\n/vendor/** -linguist-vendored\n",
            "gen/a.py": "1\n",
            "lib/b.py": "2\n",
            "vendor/own.py": "3\n",
            "deep/.gitattributes": "*.js linguist-generated=true\n",
            "deep/c.js": "4\n",
            "deep/d.py": "5\n",
        }
    )
    repo.write(".gitattributes", "* linguist-generated\n")
    listing = repo.listing(ref="main")
    assert {"vendor/own.py", "deep/d.py"} <= set(listing.files)
    assert listing.skipped == {
        "gen/a.py": SkipReason.GENERATED,
        "lib/b.py": SkipReason.VENDORED,
        "deep/c.js": SkipReason.GENERATED,
    }


def test_links_of_a_tree_are_not_followed(repo):
    repo.write("sub/a.py", "1\n")
    for name, target in {
        "in": "sub/a.py",
        "sub/up": "../sub/a.py",
        "out": "../x",
        "abs": "/etc/passwd",
    }.items():
        (repo.root / name).symlink_to(target)
    repo.commit()
    listing = repo.listing(ref="main")
    assert set(listing.files) == {"sub/a.py"}
    assert listing.skipped == dict.fromkeys(("out", "abs"), SkipReason.SYMLINK_OUTSIDE)


def test_submodules_and_large_files_of_a_tree_are_left_out(repo, make_repo):
    inner = make_repo("inner")
    inner.commit({"b.py": "2\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    repo.commit({"big.py": b"x" * 1001})
    listing = repo.listing(ref="main", max_file_bytes=1000)
    assert set(listing.files) == {".gitmodules"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE, "big.py": SkipReason.TOO_LARGE}


def test_a_pointer_of_large_file_storage_is_text_like_any_other(repo):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n"
    repo.commit({".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "model.bin": pointer})
    source = repo.source(ref="main")
    assert source.listing().files["model.bin"] == blob_id(pointer.encode())
    assert source.read("model.bin") == pointer.encode()
    source.close()


def test_a_missing_object_is_an_error_for_its_file_alone(repo):
    repo.commit({"a.py": "1\n", "b.py": "2\n"})
    source = repo.source(ref="main")
    files = source.listing().files
    lost = files["a.py"]
    (repo.root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(OSError, match=lost):
        source.read("a.py")
    assert source.read("b.py") == b"2\n"
    with pytest.raises(FileNotFoundError):
        source.read("never.py")
    source.close()


@pytest.mark.parametrize("lost", ["main", "main^{tree}", "main:sub", "main~"])
def test_a_commit_or_a_folder_that_git_has_lost_is_told_as_that(repo, lost):
    repo.commit({"sub/a.py": "1\n"})
    repo.git("branch", "topic")
    repo.commit({"sub/b.py": "2\n"})
    repo.commit({"sub/c.py": "3\n"})
    on_disk = repo.source()
    of_topic, of_main, of_head = (repo.source(ref=ref) for ref in ("topic", "main", "HEAD"))
    name = repo.git("rev-parse", lost).strip()
    (repo.root / ".git/objects" / name[:2] / name[2:]).unlink()
    looks = [lambda: of_topic.before("main")]
    if lost != "main~":
        looks = [of_main.listing, of_head.listing, lambda: on_disk.before(None)]
    for look in looks:
        with pytest.raises(NotARepository) as raised:
            look()
        assert raised.value.remedy.endswith(" fsck")
    with pytest.raises(ConfigError, match="is not a branch, tag or commit"):
        on_disk.before("0" * 40)
    for source in (on_disk, of_topic, of_main, of_head):
        source.close()


def test_a_source_can_be_closed_twice_and_used_again(repo):
    repo.commit({"a.py": "1\n"})
    source = repo.source(ref="main")
    assert source.read("a.py") == b"1\n"
    source.close()
    source.close()
    assert source.read("a.py") == b"1\n"
    source.close()


def test_a_repository_that_goes_away_is_one_sentence(repo):
    repo.commit({"a.py": "1\n"})
    on_disk, in_git = repo.source(), repo.source(ref="main")
    shutil.rmtree(repo.root)
    for source in (on_disk, in_git):
        with pytest.raises(NotARepository, match="no longer there"):
            source.listing()
        source.close()


def test_a_ref_of_a_sha256_repository_is_listed_and_read(make_repo):
    repo = make_repo("modern", "--object-format=sha256")
    repo.commit({"a.py": "1\n", ".gitattributes": "*.gen linguist-generated\n", "x.gen": ""})
    source = repo.source(ref="main")
    listing = source.listing()
    assert listing.files["a.py"] == repo.blob("a.py")
    assert listing.skipped == {"x.gen": SkipReason.GENERATED}
    assert source.read("a.py") == b"1\n"
    source.close()
