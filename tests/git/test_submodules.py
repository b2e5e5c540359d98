import shutil

import pytest

from wherein.errors import NotARepository
from wherein.git.blob import blob_id
from wherein.git.checkout import ignored_by_git
from wherein.git.command import Git
from wherein.skips import SkipReason


@pytest.fixture
def with_submodule(repo, make_repo):
    """A repository with `a.py` and the submodule `lib`, which has `b.py`."""
    inner = make_repo("inner")
    inner.commit({"b.py": "2\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    repo.commit({"a.py": "1\n"})
    return repo


def submodule_of(repo, path="lib"):
    return type(repo)(repo.root / path)


def test_the_files_of_a_checked_out_submodule_are_listed_below_its_path(with_submodule):
    inner = submodule_of(with_submodule)
    inner.write("untracked.py", "3\n")
    inner.write("b.py", "22\n")
    source = with_submodule.source()
    listing = source.listing()
    assert listing.files == {
        ".gitmodules": with_submodule.blob(".gitmodules"),
        "a.py": blob_id(b"1\n"),
        "lib/b.py": blob_id(b"22\n"),
        "lib/untracked.py": blob_id(b"3\n"),
    }
    assert listing.skipped == {}
    assert source.read("lib/b.py") == b"22\n"


@pytest.mark.parametrize("setting", ["skip", "separate"])
def test_submodules_that_are_not_wanted_are_left_out(with_submodule, setting):
    listing = with_submodule.listing(submodules=setting)
    assert set(listing.files) == {".gitmodules", "a.py"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE}


def test_a_submodule_opened_by_itself_is_a_repository_of_its_own(with_submodule):
    source = submodule_of(with_submodule).source(submodules="separate")
    assert source.root == with_submodule.root / "lib"
    assert source.identity != with_submodule.source().identity
    assert set(source.listing().files) == {"b.py"}


def test_a_submodule_that_is_not_checked_out_is_left_out(with_submodule, clone):
    fresh = clone(with_submodule, "fresh")
    listing = fresh.listing()
    assert set(listing.files) == {".gitmodules", "a.py"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE}
    assert set(fresh.listing("lib").skipped) == {"lib"}


def test_submodules_of_submodules_are_followed(with_submodule, make_repo):
    innermost = make_repo("innermost")
    innermost.commit({"c.py": "3\n"})
    inner = submodule_of(with_submodule)
    inner.git("submodule", "--quiet", "add", str(innermost.root), "deep")
    assert "lib/deep/c.py" in with_submodule.listing().files


def test_a_submodule_that_cannot_be_used_costs_its_own_files_only(with_submodule):
    shutil.rmtree(with_submodule.root / ".git/modules/lib")
    listing = with_submodule.listing()
    assert set(listing.files) == {".gitmodules", "a.py"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE}


def test_a_damaged_index_of_a_submodule_costs_its_own_files_only(with_submodule):
    (with_submodule.root / ".git/modules/lib/index").write_bytes(b"DIRC\0\0\0\2truncated")
    listing = with_submodule.listing()
    assert set(listing.files) == {".gitmodules", "a.py"}
    assert listing.skipped == {"lib": SkipReason.SUBMODULE}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index", b"DIRC\0\0\0\2truncated"),
        ("config", b"[core\n"),
        ("HEAD", b"nothing of git\n"),
    ],
)
def test_a_damaged_submodule_keeps_nobody_from_watching_the_folders_around_it(with_submodule, file, content):
    with_submodule.write("src/c.py")
    (with_submodule.root / ".git/modules/lib" / file).write_bytes(content)
    folders = with_submodule.source().folders()
    assert folders.content == [with_submodule.root, with_submodule.root / "src"]


def test_of_a_repository_that_goes_away_what_it_ignores_is_told_in_a_sentence(repo):
    shutil.rmtree(repo.root / ".git")
    with pytest.raises(NotARepository, match=r"git cannot read .* not a git repository"):
        ignored_by_git(Git(repo.root, worktree=True), "")


def test_a_submodule_that_became_a_link_is_not_followed(with_submodule, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (with_submodule.root / "lib").rename(tmp_path / "elsewhere/lib")
    (with_submodule.root / "lib").symlink_to(tmp_path / "elsewhere/lib")
    listing = with_submodule.listing()
    assert set(listing.files) == {".gitmodules", "a.py"}


def test_rules_of_both_repositories_hold_in_a_submodule(with_submodule):
    inner = submodule_of(with_submodule)
    inner.commit(
        {".gitattributes": "gen.py linguist-generated\n", ".whereinignore": "inner.txt\n", "gen.py": "3\n"}
    )
    inner.write("inner.txt")
    inner.write("outer.txt")
    with_submodule.write(".whereinignore", "outer.txt\n")
    listing = with_submodule.listing()
    assert listing.skipped == {
        "lib/gen.py": SkipReason.GENERATED,
        "lib/inner.txt": SkipReason.IGNORED,
        "lib/outer.txt": SkipReason.IGNORED,
    }


def test_a_link_out_of_a_submodule_into_its_repository_is_inside(with_submodule):
    (with_submodule.root / "lib/up").symlink_to("../a.py")
    assert with_submodule.listing().skipped == {}


def test_what_a_followed_submodule_ignores_is_told(with_submodule):
    submodule_of(with_submodule).write(".gitignore", "*.o\n")
    submodule_of(with_submodule).write("b.o")
    with_submodule.write(".git/info/exclude", "*.log\n")
    with_submodule.write("a.log")
    assert sorted(with_submodule.source().ignored()) == ["a.log", "lib/b.o"]
