"""Places in files as links that terminals follow."""

import socket
from pathlib import Path

import pytest

from wherein_server.cli.links import link_url


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("/a/b.py", "/a/b.py"),
        ("/a b/ü#?.py", "/a%20b/%C3%BC%23%3F.py"),
        ("/a/odd\udcff.py", "/a/odd%FF.py"),
        ("/a/\x1b;\\.py", "/a/%1B%3B%5C.py"),
    ],
)
def test_a_link_names_host_path_and_line_and_nothing_that_a_terminal_obeys(path, quoted):
    assert link_url(Path(path), 12, {}) == f"file://{socket.gethostname()}{quoted}#12"


def test_a_terminal_in_an_editor_opens_the_line():
    assert link_url(Path("/a/b.py"), 12, {"TERM_PROGRAM": "vscode"}) == "vscode://file/a/b.py:12"
