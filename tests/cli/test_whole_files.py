"""What a user's own file held stays where there is no room for what is to take its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wherein import private
from wherein_server.cli.system_errors import explained
from wherein_server.whole_file import write_whole

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits, links and devices of POSIX")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "before.json"
    file.write_text("what was there")
    file.chmod(0o640)
    (tmp_path / "link").symlink_to(file)
    full = (
        "import resource, sys; from pathlib import Path; from wherein_server.whole_file import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_whole(Path(sys.argv[1]), b'x' * 2000, mode=0o600)"
    )
    done = subprocess.run([sys.executable, "-c", full, tmp_path / "link"], capture_output=True, check=False)
    assert f"File too large: '{tmp_path / 'link'}'" in done.stderr.decode()
    assert file.read_text() == "what was there"
    write_whole(tmp_path / "link", b"new", mode=0o600)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["before.json", "link"]


def test_what_of_wherein_s_own_cannot_be_written_is_named(tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            private.write(tmp_path / "names.json", b"x" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert explained(raised.value) == (f"{tmp_path / 'names.json'} cannot be written: File too large.", "")


def test_a_device_is_written_to():
    write_whole(Path(os.devnull), b"new", mode=0o600)
    assert not Path(os.devnull).is_file()


def test_a_new_file_has_the_rights_that_are_asked_for(tmp_path):
    write_whole(tmp_path / "new", b"", mode=0o644)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644
