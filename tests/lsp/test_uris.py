"""Paths as URIs and back, of either family of systems."""

import os
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.errors import ConfigError
from wherein_server.lsp.uris import below, to_path, to_uri

NAME = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda name: name not in (".", ".."))


@given(st.lists(NAME, min_size=1, max_size=4))
def test_a_posix_path_survives_its_uri(names):
    path = PurePosixPath("/", *names)
    uri = to_uri(path)
    assert uri.isascii()
    assert to_path(uri, PurePosixPath) == path


@given(st.binary(min_size=1, max_size=20).filter(lambda raw: b"/" not in raw and b"\0" not in raw))
def test_a_name_that_is_no_unicode_survives_its_uri(raw):
    path = PurePosixPath("/", "x" + os.fsdecode(raw))
    assert to_path(to_uri(path), PurePosixPath) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///C:/Users/me/a%20b.py", r"C:\Users\me\a b.py"),
        ("file:///c%3A/Users/me/a.py", r"C:\Users\me\a.py"),
        ("file://server/share/a.py", r"\\server\share\a.py"),
        ("FILE:///d:/x", r"D:\x"),
    ],
)
def test_windows_paths_come_from_every_spelling(uri, path):
    assert to_path(uri, PureWindowsPath) == PureWindowsPath(path)


@pytest.mark.parametrize("name", ["C#", "C#/a.py", "a?b", "a#L", "50%25", "ü"])
def test_a_name_counts_whole_also_where_its_client_does_not_encode_all_of_it(name):
    assert to_path(f"file:///src/{name}", PurePosixPath) == PurePosixPath("/src", name.replace("%25", "%"))


def test_windows_paths_become_uris_without_backslashes():
    assert to_uri(PureWindowsPath(r"C:\a b\ü.py")) == "file:///C:/a%20b/%C3%BC.py"
    assert to_uri(PureWindowsPath(r"\\server\share\a.py")) == "file://server/share/a.py"
    assert to_uri(below(PureWindowsPath(r"C:\repo"), "src/a.py")) == "file:///C:/repo/src/a.py"


@pytest.mark.parametrize(
    "uri",
    [
        "",
        None,
        7,
        "untitled:Untitled-1",
        "https://example.org/a.py",
        "a.py",
        "file:a.py",
        "file:///a%00b",
        "file://[bad/x",
    ],
)
def test_what_names_no_file_is_refused(uri):
    with pytest.raises(ConfigError):
        to_path(uri, PurePosixPath)
