"""Indexing leaves the processor to whoever else wants it."""

import os
import subprocess
import sys
import time

import pytest

from wherein.indexing.priority import NICENESS
from wherein.indexing.workers import Workers

pytestmark = pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no such thing here")


def test_workers_run_behind_other_processes():
    with Workers(2, None) as started:
        assert list(started.prepare([[], []])) == [[], []]  # they are up
        niceness = {os.getpriority(os.PRIO_PROCESS, each._process.pid) for each in started._workers}
    assert niceness == {NICENESS}
    assert os.getpriority(os.PRIO_PROCESS, 0) < NICENESS


def test_the_index_command_runs_behind_other_processes(repo, tmp_path, monkeypatch):
    repo.commit({"a.py": "def alpha():\n    return 1\n"})
    command = [sys.executable, "-m", "wherein_server.cli", "index"]
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(tmp_path / "data"))
    seen = set()
    with subprocess.Popen(
        command, cwd=repo.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            seen.add(os.getpriority(os.PRIO_PROCESS, running.pid))
            time.sleep(0.002)
    assert running.returncode == 0
    assert NICENESS in seen
