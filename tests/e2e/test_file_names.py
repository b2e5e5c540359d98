"""Names of files that few tools survive."""

import base64
import json
import os
import sys

import pytest

CODE = "def peculiar_haystack_needle():\n    return 1\n"

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="their file systems refuse such names"
)


@pytest.mark.parametrize(
    "name",
    [
        b"with space.py",
        "größe-名前.py".encode(),
        b"latin-\xe9.py",
        b"-n.py",
        b"a'b\"c.py",
        b"[x]*.py",
        b"b" * 252 + b".py",
    ],
    ids=["space", "unicode", "latin-1", "dash", "quotes", "glob", "255 bytes"],
)
def test_a_name_is_piped_byte_for_byte(wherein, repo, name):
    repo.write(name, CODE)
    answer = wherein("search", "-n1", "-l", "peculiar haystack needle")
    assert os.fsencode(answer.out) == name + b"\n"
    line = os.fsencode(wherein("search", "-n1", "peculiar haystack needle").out)
    assert line.startswith(name + b":1:5: peculiar_haystack_needle")
    assert wherein("related", os.fsdecode(b"./" + name) + ":1", "-n1").code == 0


def test_a_name_that_is_no_unicode_is_valid_json(wherein, repo):
    repo.write(b"latin-\xe9.py", CODE)
    for form in ("json", "jsonl"):
        answer = wherein("search", "-n1", "--format", form, "peculiar haystack needle")
        answer.out.encode("ascii")
        document = json.loads(answer.out)
        result = document["results"][0] if form == "json" else document
        assert result["path"] == "latin-\ufffd.py"
        assert base64.b64decode(result["path_bytes"]) == b"latin-\xe9.py"


@pytest.mark.parametrize("name", ["new\nline.py", "esc\x1b[31m.py", "tab\t.py", "bell\a.py"])
def test_a_name_with_control_characters_is_quoted_as_git_quotes_it(wherein, repo, name):
    repo.write(name, CODE)
    answer = wherein("search", "-n1", "peculiar haystack needle")
    quoted = repo.git("-c", "core.quotePath=false", "ls-files", "--others").strip()
    assert answer.lines[0].startswith(f"{quoted}:1:5:")
    assert wherein("search", "-n1", "--json", "peculiar haystack needle").json["results"][0]["path"] == name


def test_a_name_as_it_is_shown_is_accepted(wherein, repo):
    repo.write("src/a\tb\x1b.py", CODE)
    for folder in (repo.root, repo.root / "src"):
        shown = wherein("search", "-l", "peculiar haystack needle", cwd=folder).lines[0]
        assert shown.startswith('"')
        assert "peculiar_haystack_needle" in wherein("outline", shown, cwd=folder).out
        assert "is indexed" in wherein("files", "--why", shown, cwd=folder).out
        assert wherein("related", f"{shown}:1", cwd=folder).code == 0
        assert wherein("search", "needle", "--path", shown, "-l", cwd=folder).lines == [shown]


def test_a_rename_that_changes_only_the_case(wherein, repo):
    wherein("index")
    repo.git("mv", "src/courier/auth.py", "src/courier/Auth.py")
    answer = wherein("search", "-l", "basic auth header")
    assert "src/courier/Auth.py" in answer.lines
    assert "src/courier/auth.py" not in answer.lines


def test_code_with_terminal_controls_is_shown_with_signs_for_them(wherein, repo):
    repo.write("evil.py", "peculiar_needle = 1  # \x1b]0;owned\x07 \x9b31m\n")
    answer = wherein("search", "-n1", "peculiar needle")
    assert not {"\x1b", "\x07", "\x9b"} & set(answer.out)
    assert "␛]0;owned␇" in answer.out
