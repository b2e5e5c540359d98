"""What a folder outside git shows is what git would show, had it been a repository."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Place

FOLDERS = int(os.environ.get("WHEREIN_FOLDERS", "40"))

NAMES = (
    "a",
    "b",
    "ab",
    "a.py",
    "b.py",
    "note.txt",
    "[x]",
    "a b",
    "a ",
    ".h",
    "é",
    "é",
    "back\\slash",
    "!x",
    "#x",
    "**",
)

PIECES = (
    "*", "**", "?", "/", "/", "!", "#", "\\", "[a-c]", "[!a]", "[^b]", "[[:alpha:]]", "[", "]", " ", "\t", ".py",
    *NAMES,
)  # fmt: skip

lines = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
usual = st.sampled_from(
    [
        "*",
        "!*/",
        "!*.py",
        "/*",
        "!/a/",
        "a/",
        "/a",
        "!a/**",
        "**/b",
        "a/**/b",
        "*.txt",
        "!note.txt",
        "a/*",
        "!a/b",
        "# x",
    ]
)
endings = st.sampled_from(["\n", "\n", "\n", "\r\n", "  \n", "\\ \n"])
ignore_files = st.builds(
    lambda start, pairs, last: start + "".join(line + end for line, end in pairs) + last,
    st.sampled_from(["", "", "", "\ufeff"]),
    st.lists(st.tuples(st.one_of(usual, lines), endings), max_size=6),
    st.one_of(st.just(""), usual),
)
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
trees = st.tuples(
    st.lists(paths, min_size=1, max_size=12),
    st.dictionaries(st.one_of(st.just(""), paths), ignore_files, min_size=1, max_size=3),
)


@settings(
    max_examples=FOLDERS,
    deadline=None,
    derandomize="WHEREIN_FOLDERS" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(trees)
def test_a_folder_shows_what_git_would_show(only_our_configuration, tmp_path_factory, tree):
    root = tmp_path_factory.mktemp("tree")
    plain, repository = root / "plain", root / "repository"
    plain.mkdir()
    files, ignored = tree
    for path in files:
        _write(plain / path, "text\n")
    for folder, text in ignored.items():
        _write(plain / folder / ".gitignore", text)
    shutil.copytree(plain, repository)
    git = Place(repository)
    git.git("init", "--quiet")
    shown = git.git("ls-files", "-z", "--others", "--exclude-standard").split("\0")[:-1]

    source = Place(plain).source()
    assert set(source.listing().files) == set(shown)
    everything = [p.relative_to(plain).as_posix() for p in plain.rglob("*") if p.is_file()]
    assert {path for path in everything if source.explain(path).included} == set(shown)
    shutil.rmtree(root)


def _write(file, text):
    """Unless one of its folders is a file, or it is a folder."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_dir():
            file.write_bytes(text.encode())
    except (FileExistsError, NotADirectoryError):
        pass


@pytest.mark.parametrize("stray", ["file", "folder"])
def test_a_git_folder_that_is_none_hides_nothing(folder, stray):
    folder.write("a.py")
    folder.write("copied/b.py")
    if stray == "file":
        folder.write("copied/.git", "gitdir: ../../.git/modules/copied\n")
    else:
        (folder.root / "copied/.git").mkdir()
    assert set(folder.listing().files) == {"a.py", "copied/b.py"}


def test_many_projects_side_by_side_each_keep_their_patterns(folder):
    patterns = "".join(f"*.tmp{number}.*\n" for number in range(300))
    for number in range(15):
        folder.write(f"project{number}/.gitignore", patterns)
        folder.write(f"project{number}/a.tmp299.py")
        folder.write(f"project{number}/a.py")
    shown = {path for path in folder.listing().files if path.endswith(".py")}
    assert shown == {f"project{number}/a.py" for number in range(15)}
