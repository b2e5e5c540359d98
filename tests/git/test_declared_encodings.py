"""Encodings that are declared outside of a file: .editorconfig and git's attributes."""

import pytest

from wherein.git.editorconfig import EditorConfig

RUSSIAN = "# Читает файл настроек\ndef read_settings():\n    return 1\n"


@pytest.mark.parametrize(
    ("section", "path", "matches"),
    [
        ("*", "a.py", True),
        ("*", "deep/er/a.py", True),
        ("*.py", "deep/a.py", True),
        ("*.py", "a.pyc", False),
        ("*.{c,h}", "deep/a.h", True),
        ("*.{c,h}", "a.cc", False),
        ("{a,b{1,2}}.py", "b2.py", True),
        ("{a,b{1,2}}.py", "b.py", False),
        ("{single}.py", "{single}.py", True),
        ("src/**.py", "src/deep/a.py", False),
        ("src/**/*.py", "src/deep/er/a.py", True),
        ("/src/*.py", "src/a.py", True),
        ("src/*.py", "lib/src/a.py", False),
        ("page{1..3}.txt", "page2.txt", True),
        ("page{1..3}.txt", "page4.txt", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("!x.py", "!x.py", True),
        ("#x.py", "#x.py", True),
    ],
)
def test_sections_match_as_editors_have_it(section, path, matches):
    config = EditorConfig({"": f"root = true\n[{section}]\ncharset = latin1\n"})
    assert dict(config.charsets([path])) == ({path: "latin1"} if matches else {})


def test_the_last_section_and_the_nearest_file_decide():
    config = EditorConfig(
        {
            "": "[*]\ncharset = latin1\n[*.ps1]\ncharset = utf-16le ; of its tool\n",
            "new/": "[*.py]\nCharset = UTF-8\n",
            "own/": "root = true\n[*.txt]\nindent_size = 4\n",
        }
    )
    paths = ["a.py", "b.ps1", "new/a.py", "new/a.txt", "own/a.py", "own/a.txt"]
    assert dict(config.charsets(paths)) == {"a.py": "latin1", "b.ps1": "utf-16le", "new/a.txt": "latin1"}


def test_braces_without_bound_say_nothing():
    bomb = "{a,b}" * 40
    assert dict(EditorConfig({"": f"[{bomb}]\ncharset = latin1\n"}).charsets(["ab" * 20])) == {}


@pytest.fixture(params=["worktree", "branch", "plain folder"])
def view(request, repo, folder, open_index):
    """view(files): an index of them."""

    def make(files):
        place = folder if request.param == "plain folder" else repo
        for path, content in files.items():
            place.write(path, content)
        if place is repo:
            repo.commit()
        index = open_index(place, view="main" if request.param == "branch" else None)
        index.update()
        return index

    return make


def test_the_charset_of_an_editorconfig_is_believed(view):
    index = view(
        {
            ".editorconfig": "root = true\n[*.py]\ncharset = windows-1251\n[*.ps1]\ncharset = utf-16le\n",
            "a.py": RUSSIAN.encode("cp1251"),
            "utf8.py": RUSSIAN.replace("read", "other").encode(),
            "b.ps1": "function Get-Thing {\r\n  return 1\r\n}\r\n".encode("utf-16-le"),
        }
    )
    assert [hit.text for hit in index.symbols("read_settings")] == [RUSSIAN.rstrip("\n")]
    assert [hit.text for hit in index.symbols("other_settings")] == [
        RUSSIAN.replace("read", "other").rstrip("\n")
    ]
    assert [hit.path for hit in index.symbols("Get-Thing")] == ["b.ps1"]
    assert index.update().files_embedded == 0


def test_a_charset_that_is_declared_anew_is_read_anew(repo, open_index):
    repo.commit({"a.py": RUSSIAN.encode("cp1251"), "b.py": "b = 1\n"})
    index = open_index(repo)
    index.update()
    assert index.search("read settings")[0].text != RUSSIAN.rstrip("\n")
    repo.write(".editorconfig", "[a.py]\ncharset = windows-1251\n")
    assert index.update().files_embedded == 2
    assert index.symbols("read_settings")[0].text == RUSSIAN.rstrip("\n")


def test_a_file_that_git_converts_is_found_on_disk_and_in_the_branch_whichever_is_indexed_first(
    repo, open_index, tmp_path
):
    repo.write(".gitattributes", "*.ps1 text working-tree-encoding=UTF-16LE eol=crlf\n")
    repo.write("t.ps1", "function Get-Thing {\r\n  return 1\r\n}\r\n".encode("utf-16-le"))
    repo.commit()
    for first, second in ((None, "main"), ("main", None)):
        for view in (first, second):
            index = open_index(repo, view=view)
            index.update()
            assert [hit.path for hit in index.symbols("Get-Thing")] == ["t.ps1"]
        index.clear()
