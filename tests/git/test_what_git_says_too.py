"""What is done without git is done as git does it: finding a repository, reading a configuration, writing an index."""

import os
from pathlib import Path

import pytest

from wherein.errors import NotARepository
from wherein.git.configfile import entries, is_bare
from wherein.git.indexfile import index_of
from wherein.git.repository import find_repository


def as_git_finds_it(place: Path, repo) -> tuple[str, str, str]:
    """Root ("" for a bare one), git folder and common folder."""
    asked = type(repo)(place)
    git_dir, common, bare = asked.git(
        "rev-parse", "--absolute-git-dir", "--git-common-dir", "--is-bare-repository"
    ).splitlines()
    root = "" if bare == "true" else os.path.realpath(asked.git("rev-parse", "--show-toplevel").rstrip("\n"))
    return root, os.path.realpath(git_dir), os.path.realpath(place / common)


def found(place: Path) -> tuple[str, str, str]:
    repository = find_repository(place)
    assert repository is not None
    root = "" if repository.root is None else str(repository.root)
    return root, os.path.realpath(repository.git_dir), str(repository.common_dir)


def test_a_repository_is_found_where_git_finds_it(repo, make_repo, make_folder, clone, tmp_path):
    repo.commit({"a.py": "1\n", "deep/er/b.py": "2\n"})
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "other")
    inner = make_repo("inner")
    inner.commit({"c.py": "3\n"})
    repo.git("submodule", "--quiet", "add", str(inner.root), "lib")
    bare = clone(repo, "bare.git", "--bare")
    hub = make_folder("hub")
    hub.git("clone", "--quiet", "--bare", repo.root.as_uri(), ".git")
    hub.git("worktree", "add", "--quiet", "main")
    moved = make_repo("moved", "--separate-git-dir", str(tmp_path / "elsewhere"))
    moved.commit({"d.py": "4\n"})
    (repo.root / "empty/.git").mkdir(parents=True)
    for place in (
        repo.root,
        repo.root / "deep/er",
        repo.root / "empty",
        repo.root / "lib",
        tmp_path / "linked",
        bare.root,
        bare.root / "objects",
        hub.root,
        hub.root / "main",
        moved.root,
    ):
        assert found(place) == as_git_finds_it(place, repo), place


def test_who_stands_in_the_git_folder_gets_its_worktree(repo):
    repo.commit({"a.py": "1\n"})
    assert found(repo.root / ".git/objects")[0] == str(repo.root)


def test_where_there_is_no_repository_none_is_found(folder):
    (folder.root / ".git").mkdir()
    assert find_repository(folder.root) is None


@pytest.mark.parametrize(
    "text", ["", "gitdir:", "gitdir: missing\n", "nonsense", "gitdir: \0\n", "x" * 20_000]
)
def test_a_git_file_that_says_nothing_is_one_sentence(folder, text):
    folder.write(".git", text)
    with pytest.raises(NotARepository, match="points to a repository that does not exist"):
        find_repository(folder.root)


CONFIGURATION = r"""
[core] bare = true ; a comment
	symlinks
[Include]path=a.inc # another
[includeIf "gitdir:~/x]\\\"y"] path = "b;not a comment.inc"
[include "sub"]
	path = not-in"cluded;"
[some "[weird\"]"] key = va\
lue
  Path = after a section of another name
[include]	[include] PATH = c\\d.inc
[a.b]
	path = x
[empty]
	key =
	other-key = "quoted" and "more"
"""


def test_a_configuration_is_read_as_git_reads_it(repo):
    (repo.root / ".git/more").write_text(CONFIGURATION)
    listed = repo.git("config", "--file", str(repo.root / ".git/more"), "--no-includes", "--list", "-z")
    expected = []
    for entry in listed.split("\0")[:-1]:
        name, given, value = entry.partition("\n")
        expected.append((name.split(".")[0], name.split(".")[-1], value if given else "true"))
    assert list(entries((repo.root / ".git/more").read_text())) == expected


@pytest.mark.parametrize("version", ["", "repositoryFormatVersion = 0"])
@pytest.mark.parametrize(
    "value", ["= true", "= YES", "", "= 1", '= "on"', "= false", "= no", "=", "= 0", "= off"]
)
def test_a_bare_repository_is_known_as_such(repo, value, version):
    (repo.root / ".git/config").write_text(f"[core]\n\tbare {value}\n\t{version}\n")
    bare = repo.git("rev-parse", "--is-bare-repository").strip()
    assert is_bare(repo.root / ".git") == (bare == "true")


def test_a_long_configuration_is_read_in_time_that_grows_with_it(repo):
    for text in (
        "[a]" * 500_000,
        "[" * 500_000,
        '"' * 500_000,
        "a = " + '"' * 500_001,
        "[a " + " " * 500_000,
    ):
        (repo.root / ".git/config").write_text(text)
        assert not is_bare(repo.root / ".git")


@pytest.mark.parametrize("format_", ["sha1", "sha256"])
def test_an_index_of_ours_is_read_by_git(make_repo, format_):
    repo = make_repo("other", "--object-format", format_)
    blobs = [repo.git("hash-object", "-w", "--stdin", given=b"%d" % number).strip() for number in range(9)]
    names = ["a", "a.py", "a/b", "ab", "é/ü.py", "x" * 5000, "exactly8", "z/1", "z1"]
    files = {
        name: ("100755" if "8" in name else "100644", blob) for name, blob in zip(names, blobs, strict=True)
    }
    (repo.root / ".git/index").write_bytes(index_of(files))
    listed = repo.git("ls-files", "--stage", "-z").split("\0")[:-1]
    assert listed == [
        f"{files[name][0]} {files[name][1]} 0\t{name}"
        for name in sorted(files, key=lambda name: os.fsencode(name))
    ]
