"""Processes of our own are started also by who has lost the right to start them by their path."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from wherein.interpreter import interpreter


def test_it_is_the_python_that_runs():
    assert interpreter() == sys.executable


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can start what its user may not",
)
def test_where_the_path_is_closed_to_the_user_it_is_still_found():
    """As in a container that starts a command as root and lets it run as nobody."""
    open_to_all = Path(tempfile.mkdtemp())  # tmp_path is closed to others
    open_to_all.chmod(0o755)
    closed = open_to_all / "closed"
    closed.mkdir(mode=0o700)
    shutil.copy2(Path(sys.executable).resolve(), closed / "python")
    program = (
        "import sys; from wherein.interpreter import interpreter; import subprocess;"
        "assert interpreter() != sys.executable;"
        "print(subprocess.run([sys.executable, '-c', ''], executable=interpreter()).returncode)"
    )
    package = Path(sys.modules["wherein"].__file__).parents[1]
    path = os.pathsep.join([str(package), *sys.path])
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", closed / "python", "-c", program],
        env={"PYTHONPATH": path, "PYTHONHOME": sys.base_prefix},
        capture_output=True,
        text=True,
    )
    shutil.rmtree(open_to_all)
    if "Permission denied" in done.stderr or "encodings" in done.stderr:
        pytest.skip("this Python's own library is closed to others")
    assert done.stdout == "0\n", done.stderr
